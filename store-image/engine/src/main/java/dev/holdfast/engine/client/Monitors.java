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
  private boolean shown;

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
   * Begins a line about a command that {@code by} executed; the executor fills it, and then calls
   * {@link #end}.
   *
   * @param micros since 1970
   */
  public MonitorLine begin(Client by, long micros) {
    if (!shown) {
      shown = true;
      for (Client client : watching) {
        if (client != by) {
          client.beginReply();
        }
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

  /**
   * What {@code by} executed is over and knows what its reply waits for: the lines about it wait
   * for that too.
   */
  public void end(Client by) {
    if (shown) {
      shown = false;
      for (Client client : watching) {
        if (client != by) {
          client.holdUntil(by.replyHold());
          client.endPush();
        }
      }
    }
  }
}
