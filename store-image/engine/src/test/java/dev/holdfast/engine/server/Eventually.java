package dev.holdfast.engine.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waiting for something that another thread does, which fails when it does not come. */
public final class Eventually {
  private Eventually() {}

  /** Returns once the condition holds; asks often, for at most ten seconds. */
  public static void eventually(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(10))
        .until(condition);
  }
}
