package dev.holdfast.engine.server;

import dev.holdfast.engine.command.server.Debug;

/** {@code DEBUG RELOAD} and {@code DEBUG LOADAOF}. */
final class Reloads implements Debug.Reload {
  private final Engine engine;

  Reloads(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String throughDump(boolean save, boolean flush) {
    return "ERR not yet";
  }

  @Override
  public String fromLog() {
    return "ERR not yet";
  }
}
