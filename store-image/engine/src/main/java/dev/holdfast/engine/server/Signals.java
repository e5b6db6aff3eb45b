package dev.holdfast.engine.server;

import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * SIGTERM and SIGINT ask the server to end; a second one ends it at once. A shutdown hook would not
 * do: it cannot take the end back when the last sync fails, and the exit code would be 143.
 */
final class Signals {
  private Signals() {}

  static void endOn(Engine engine, Log log) {
    var asked = new AtomicBoolean();
    for (String name : new String[] {"TERM", "INT"}) {
      Signal.handle(
          new Signal(name),
          signal -> {
            if (asked.getAndSet(true)) {
              log.warning(
                  "Received SIG" + name + " again: ending without another word to the disk.");
              Runtime.getRuntime().halt(1);
            }
            log.notice("Received SIG" + name + " scheduling shutdown...");
            engine.requestEnd();
          });
    }
  }
}
