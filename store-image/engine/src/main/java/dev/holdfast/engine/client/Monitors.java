package dev.holdfast.engine.client;

import dev.holdfast.engine.protocol.MonitorLine;
import java.util.ArrayList;
import java.util.List;

/**
 * The clients that {@code MONITOR}, and what they see. A line leaves no earlier than the reply to
 * the command that it shows: it waits for the same offset of the log.
 *
 * <p>The command thread owns it.
 */
public final class Monitors {
  private final List<Client> watching = new ArrayList<>();
  private final MonitorLine line = new MonitorLine();
  private final Pushes pushes;

  public Monitors(Pushes pushes) {
    this.pushes = pushes;
  }

  /** Whether anybody watches, so that the executor can skip the rest. */
  public boolean any() {
    return !watching.isEmpty();
  }

  void add(Client client) {
    watching.add(client);
  }

  void remove(Client client) {
    watching.remove(client);
  }

  /**
   * Begins a line about a command that {@code by} executed; the executor fills it.
   *
   * @param micros since 1970
   */
  public MonitorLine begin(Client by, long micros) {
    for (Client client : watching) {
      if (client != by) {
        pushes.begin(client, IfNotDurable.ERROR);
      }
    }
    line.begin(
        (address, length) -> {
          for (Client client : watching) {
            client.reply().raw(address, length);
          }
        },
        micros,
        by.db,
        by.address());
    return line;
  }
}
