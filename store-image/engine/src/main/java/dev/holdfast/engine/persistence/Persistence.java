package dev.holdfast.engine.persistence;

import dev.holdfast.engine.agent.Agent;
import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.loop.CommandExecutor;
import dev.holdfast.engine.storage.Storage;
import java.util.function.Function;

/**
 * Everything that keeps the keyspace on disk, as commands and the server see it: the log, rewrites
 * of it, {@code dump.rdb}, loading at the start. The command thread owns it and calls all methods;
 * the log writer and the snapshot writer run on threads of their own (or by hand in a test).
 */
public final class Persistence {
  /**
   * What it works with.
   *
   * @param startAgent starts an agent on a thread of its own and returns how to wake it; a test
   *     keeps the agent and steps it by hand
   * @param wakeLoop ends a wait of the loop; called from any thread
   * @param waiting called over and over while the command thread has to wait for an agent ({@code
   *     SAVE}, {@code SHUTDOWN}): rests briefly, or steps the agents
   */
  public record Context(
      Storage storage,
      Clock clock,
      Keyspace keyspace,
      PersistencePaths paths,
      PersistenceSettings settings,
      EventLog events,
      Function<Agent, Runnable> startAgent,
      Runnable wakeLoop,
      Runnable waiting) {}

  /** How {@code SHUTDOWN} treats {@code dump.rdb}: as save points say, always, or never. */
  public enum SaveOnShutdown {
    IF_CONFIGURED,
    SAVE,
    NO_SAVE
  }

  public Persistence(Context context) {
    throw new UnsupportedOperationException();
  }

  public EffectLog log() {
    throw new UnsupportedOperationException();
  }

  /**
   * Starts loading: decides what to load and opens it.
   *
   * @param appendOnly directive {@code appendonly} at the start
   * @param replay executes commands of the log with a client that has no connection
   */
  public void beginLoad(boolean appendOnly, CommandExecutor replay) throws LoadException {
    throw new UnsupportedOperationException();
  }

  /**
   * One slice of loading, about {@code nanos} long; true when everything is loaded and the log is
   * open for appending.
   */
  public boolean loadStep(long nanos) throws LoadException {
    throw new UnsupportedOperationException();
  }

  /**
   * Once per iteration of the loop: takes a slice of a running snapshot and handles what the agents
   * finished. Returns work done, 0 when idle.
   */
  public int doWork() {
    throw new UnsupportedOperationException();
  }

  /** About ten times a second: automatic rewrites, save points, retries. */
  public void cron() {
    throw new UnsupportedOperationException();
  }

  /**
   * Counts {@code n} changes of the dataset, for save points and {@code
   * rdb_changes_since_last_save}.
   */
  public void changed(long n) {
    throw new UnsupportedOperationException();
  }

  /**
   * Null when writes are welcome, otherwise the error line ({@code MISCONF …}) that they get;
   * {@code PING} too.
   */
  public String writeRefusal() {
    throw new UnsupportedOperationException();
  }

  /**
   * {@code BGREWRITEAOF}: its reply, as a status line, or as an error line that begins with {@code
   * ERR}.
   */
  public String startRewrite() {
    throw new UnsupportedOperationException();
  }

  /**
   * {@code BGSAVE}: its reply, as a status line, or as an error line that begins with {@code ERR}.
   * With {@code schedule}, waits for a rewrite.
   */
  public String startSave(boolean schedule) {
    throw new UnsupportedOperationException();
  }

  /** {@code SAVE}: returns when {@code dump.rdb} is written; null, or an error line. */
  public String save() {
    throw new UnsupportedOperationException();
  }

  /** Unix seconds of the last good save. */
  public long lastSave() {
    throw new UnsupportedOperationException();
  }

  /** {@code CONFIG SET appendonly}: null, or why not. */
  public String appendOnly(boolean on) {
    throw new UnsupportedOperationException();
  }

  public boolean appendOnly() {
    throw new UnsupportedOperationException();
  }

  public PersistenceInfo info() {
    throw new UnsupportedOperationException();
  }

  /**
   * The last act: abandons a snapshot, writes and syncs the log, saves if asked; null, or why the
   * server should rather not end.
   */
  public String shutdown(SaveOnShutdown save) {
    throw new UnsupportedOperationException();
  }
}
