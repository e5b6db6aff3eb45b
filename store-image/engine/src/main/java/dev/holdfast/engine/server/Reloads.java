package dev.holdfast.engine.server;

import dev.holdfast.engine.command.Executor;
import dev.holdfast.engine.command.server.Debug;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.persistence.LoadException;
import dev.holdfast.engine.persistence.Persistence;

/**
 * {@code DEBUG RELOAD} and {@code DEBUG LOADAOF}: memory is emptied and read back from the disk
 * while everybody waits. Nothing of that is logged: afterwards memory is what the files say.
 */
record Reloads(Persistence persistence, Keyspace keyspace, Executor executor)
    implements Debug.Reload {
  @Override
  public String throughDump(boolean save, boolean flush) {
    String error = save ? persistence.save() : null;
    return error == null ? reload(false, flush) : error;
  }

  @Override
  public String fromLog() {
    return persistence.appendOnly()
        ? reload(true, true)
        : "ERR Error trying to load the AOF files, check server logs.";
  }

  private String reload(boolean fromLog, boolean flush) {
    executor.loading(true);
    try {
      for (int db = 0; flush && db < keyspace.databases(); db++) {
        keyspace.database(db).clear();
      }
      persistence.reload(fromLog, executor);
      return null;
    } catch (LoadException e) {
      return "ERR " + e.getMessage();
    } finally {
      executor.loading(false);
    }
  }
}
