package dev.holdfast.engine.command.server;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Executor;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.persistence.Persistence.SaveOnShutdown;

/** {@code SHUTDOWN}. */
public final class Shutdown {
  private final Ending ending;
  private final Executor executor;

  /** Ends the server. */
  @FunctionalInterface
  public interface Ending {
    /**
     * Flushes, syncs and saves, and lets the process end when that went well.
     *
     * @param force end also when it did not
     * @return null when the server ends, otherwise why not
     */
    String end(SaveOnShutdown save, boolean force);
  }

  public Shutdown(Ending ending, Executor executor) {
    this.ending = ending;
    this.executor = executor;
  }

  void shutdown(Call call) {
    var save = SaveOnShutdown.IF_CONFIGURED;
    boolean force = false;
    boolean abort = false;
    boolean other = false;
    for (int i = 1; i < call.count(); i++) {
      if (call.is(i, "NOSAVE") && save == SaveOnShutdown.IF_CONFIGURED) {
        save = SaveOnShutdown.NO_SAVE;
      } else if (call.is(i, "SAVE") && save == SaveOnShutdown.IF_CONFIGURED) {
        save = SaveOnShutdown.SAVE;
      } else if (call.is(i, "FORCE")) {
        force = true;
      } else if (call.is(i, "ABORT")) {
        abort = true;
      } else if (call.is(i, "NOW")) {
        other = true;
      } else {
        throw Fault.syntax();
      }
    }
    if (abort) {
      if (other || force || save != SaveOnShutdown.IF_CONFIGURED) {
        throw Fault.syntax();
      }
      throw new Fault("ERR No shutdown in progress.");
    }
    if (executor.isLoading()) {
      save = SaveOnShutdown.NO_SAVE;
    }
    String failure = ending.end(save, force);
    if (failure != null) {
      throw new Fault("ERR Errors trying to SHUTDOWN. Check logs.");
    }
  }
}
