package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.clock.Clock;
import java.util.SplittableRandom;

/** The number by which the marks of a file are told from those of every other file. */
public final class FileIdentity {
  private FileIdentity() {}

  /** One for a file that is made now. */
  public static long of(Clock clock) {
    return new SplittableRandom(clock.wallMillis() ^ Long.reverse(clock.monotonicNanos()))
        .nextLong();
  }
}
