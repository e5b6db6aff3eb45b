package dev.holdfast.engine.server;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.command.Command;
import dev.holdfast.engine.command.Executor;
import dev.holdfast.engine.config.Config;

/** Keeps {@code DEBUG} from clients that {@code enable-debug-command} does not allow it to. */
record Guards(Config config) implements Executor.Guard {
  @Override
  public String refusal(Client client, Command command) {
    if (!command.name().equals("debug") || allowed(config.text("enable-debug-command"), client)) {
      return null;
    }
    return "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a local connection,"
        + " otherwise you need to set this option in the configuration file, and then restart the server.";
  }

  /** Whether a directive with the values yes, no and local allows something to a client. */
  static boolean allowed(String value, Client client) {
    return value.equals("yes") || (value.equals("local") && Engine.isLocal(client));
  }
}
