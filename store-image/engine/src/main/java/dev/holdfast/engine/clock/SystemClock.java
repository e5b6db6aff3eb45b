package dev.holdfast.engine.clock;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

enum SystemClock implements Clock {
  INSTANCE;

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long wallMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }
}
