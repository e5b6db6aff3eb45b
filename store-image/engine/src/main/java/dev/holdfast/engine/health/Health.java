package dev.holdfast.engine.health;

import java.util.Optional;

/**
 * What a process says about itself on the health port. Asked from the health server's threads at
 * any time, so every answer must come from memory: nothing here may wait for a disk or for the
 * command thread.
 */
public interface Health {

  /**
   * One answer.
   *
   * @param good 200 or 503
   * @param line one line that says why
   */
  record Answer(boolean good, String line) {
    public static Answer good(String line) {
      return new Answer(true, line);
    }

    public static Answer bad(String line) {
      return new Answer(false, line);
    }
  }

  /** Good while waiting helps: loading, parked, refusing writes, a hanging disk. */
  Answer live();

  /** Good once the process listens, or while it advances towards that. */
  Answer startup();

  /** Good when commands are served. */
  Answer ready();

  /** The report of the last check as JSON; empty while there is none. */
  Optional<String> verdict();
}
