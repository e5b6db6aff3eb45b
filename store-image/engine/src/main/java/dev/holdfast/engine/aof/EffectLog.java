package dev.holdfast.engine.aof;

import dev.holdfast.engine.protocol.Args;

/**
 * The log as commands and the loop see it. Effects have offsets: bytes of effects since the store
 * began to count, {@code SELECT} and {@code MULTI} included, annotations not. Offsets grow also
 * while the AOF is off. Only the command thread calls.
 */
public interface EffectLog {
  /**
   * Appends one effect on database {@code db}; a {@code SELECT} goes before it when the database
   * changed.
   */
  void append(int db, Args effect);

  /**
   * A transaction begins: its effects are wrapped in {@code MULTI} and {@code EXEC} if there are
   * two or more. Not nested.
   */
  void begin();

  /** The transaction ends. */
  void end();

  /** The offset after the last effect: what a reply that depends on it has to wait for. */
  long appendedOffset();

  /**
   * Once at the end of each iteration of the loop, before replies are released: writes, syncs or
   * hands over, as the policy says.
   */
  void endOfIteration();

  /**
   * Replies that depend on offsets up to this one may leave: what is durable under {@code always},
   * what the kernel has under {@code everysec} and {@code no}, everything while the AOF is off.
   * Never goes back.
   */
  long releasedOffset();

  /**
   * Not null while the log cannot keep what it was given: an error line ({@code MISCONF …}) for
   * every reply that is held, or would be held, for an offset above {@link #releasedOffset()}. Such
   * an effect's outcome is unknown: it is in memory and may or may not be on the disk. Under {@code
   * everysec} and {@code no} this is seen by one release only, and later replies leave.
   */
  String failureOfHeld();

  /**
   * True while write commands have to wait unexecuted: a second of effects is not synced, or
   * buffers are full. Reads go on.
   */
  boolean parkWriters();

  /**
   * True while effects are held back for a fraction of a millisecond, so that more of them share a
   * sync: the next iteration should not wait.
   */
  boolean gathers();

  /** True while replies wait for a sync on another thread. */
  boolean syncs();

  /** Everything up to here survives a power cut; what {@code WAITAOF} compares with. */
  long durableOffset();
}
