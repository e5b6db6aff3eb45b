package dev.holdfast.engine.loop;

import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.protocol.Args;

/** A log that keeps nothing but offsets. Without {@link #manual} everything is safe at once. */
final class ToyLog implements EffectLog {
  boolean manual;
  boolean park;
  String failure;
  long appended;
  long released;

  @Override
  public void append(int db, Args effect) {
    appended += effect.totalLength();
  }

  @Override
  public void begin() {}

  @Override
  public void end() {}

  @Override
  public long appendedOffset() {
    return appended;
  }

  @Override
  public void endOfIteration() {
    if (!manual) {
      released = appended;
    }
  }

  @Override
  public long releasedOffset() {
    return released;
  }

  @Override
  public String failureOfHeld() {
    return failure;
  }

  @Override
  public boolean parkWriters() {
    return park;
  }

  @Override
  public boolean gathers() {
    return false;
  }

  @Override
  public boolean syncs() {
    return false;
  }

  @Override
  public long durableOffset() {
    return released;
  }
}
