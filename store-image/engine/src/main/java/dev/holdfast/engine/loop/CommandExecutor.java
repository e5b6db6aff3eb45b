package dev.holdfast.engine.loop;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.protocol.Args;

/** What the loop hands complete commands to. Called on the command thread only. */
public interface CommandExecutor {

  /**
   * The calls of {@link #execute} up to the next call of this follow each other at once, so that
   * one ends when the next begins.
   */
  void beginBatch();

  /**
   * Executes one command and writes its reply to {@link Client#reply()}.
   *
   * @param args at least one word
   */
  void execute(Client client, Args args);

  /** Where the first key is, or -1: used to load its record ahead, nothing depends on it. */
  int firstKey(Args args);

  /**
   * Whether the command would change data or add to the log: a write command, queued or not, or an
   * {@code EXEC} of a transaction that holds one. The loop asks while writers are parked because
   * the disk is behind, and keeps such a command unexecuted.
   */
  boolean writes(Client client, Args args);

  /** As {@link #writes}, asked while writers are paused: {@code PUBLISH} waits then, too. */
  default boolean waitsForPausedWriters(Client client, Args args) {
    return writes(client, args);
  }
}
