package dev.holdfast.engine.agent;

/**
 * Something that works in small steps: the loop, the log writer, the snapshot writer. One thread
 * calls it; a test may call several agents by hand in any order it likes.
 */
public interface Agent {
  /**
   * Does one step and returns how much was done; 0 means that there was nothing to do and the
   * caller may rest.
   */
  int doWork();

  /** A short name, used for the thread. */
  String roleName();

  /** Whether others wait for each of its steps: its thread should get a processor soon. */
  default boolean isUrgent() {
    return false;
  }

  /** Called once, on the agent's thread, after the last step. */
  default void onClose() {}
}
