package dev.holdfast.engine.loop;

import dev.holdfast.engine.client.ClientLog;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.net.Connection;
import dev.holdfast.engine.net.Listener;
import dev.holdfast.engine.protocol.BufferPool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes in connections, or refuses them. */
final class Acceptor {
  private static final int MAX_PER_TURN = 1000;

  private static final String FULL = "-ERR max number of clients reached\r\n";

  private static final String PROTECTED =
      "-DENIED Redis is running in protected mode because protected mode is enabled and no password"
          + " is set for the default user. In this mode connections are only accepted from the"
          + " loopback interface. If you want to connect from external computers to Redis you may"
          + " adopt one of the following solutions: 1) Just disable protected mode sending the"
          + " command 'CONFIG SET protected-mode no' from the loopback interface by connecting to"
          + " Redis from the same host the server is running, however MAKE SURE Redis is not"
          + " publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change"
          + " permanent. 2) Alternatively you can just disable the protected mode by editing the"
          + " Redis configuration file, and setting the protected mode option to 'no', and then"
          + " restarting the server. 3) If you started the server manually just for testing, restart"
          + " it with the '--protected-mode no' option. 4) Set up an authentication password for the"
          + " default user. NOTE: You only need to do one of the above things in order for the server"
          + " to start accepting connections from the outside.\r\n";

  private final Clients clients;
  private final Sessions sessions;
  private final LoopStats stats;
  private final BufferPool pool;
  private final ClientLog log;
  private final List<Listener> listeners = new ArrayList<>();
  private boolean stopped;

  Acceptor(Loop.Parts parts, Sessions sessions, LoopStats stats) {
    this.clients = parts.clients();
    this.sessions = sessions;
    this.stats = stats;
    this.pool = parts.pool();
    this.log = parts.events();
  }

  void add(Listener listener) {
    listeners.add(listener);
  }

  void remove(Listener listener) {
    listeners.remove(listener);
    listener.close();
  }

  List<Listener> listeners() {
    return List.copyOf(listeners);
  }

  void accept(Listener listener) {
    for (int i = 0; i < MAX_PER_TURN; i++) {
      var connection = listener.accept();
      if (connection != null) {
        admit(connection, listener.port() == 0);
      } else {
        if (listener.failure() != null) {
          stop(listener);
        }
        return;
      }
    }
  }

  /** Without a descriptor left, the waiting connection would be reported again and again. */
  private void stop(Listener listener) {
    log.warning("Accepting client connection: " + listener.failure());
    listener.accepting(false);
    stopped = true;
  }

  /** Tries again what was stopped. */
  void retry() {
    if (stopped) {
      stopped = false;
      listeners.forEach(each -> each.accepting(true));
    }
  }

  private void admit(Connection connection, boolean unix) {
    stats.connectionsReceived++;
    var settings = clients.settings();
    if (clients.size() >= settings.maxClients) {
      refuse(connection, FULL);
    } else if (settings.protectedMode && !settings.passwordRequired && !connection.isLocal()) {
      refuse(connection, PROTECTED);
    } else {
      var session = new Session(connection, sessions, pool, unix);
      session.client = clients.connected(session);
      connection.attach(session);
      connection.keepAlive(unix ? 0 : settings.keepAliveSeconds);
      connection.interest(true, false);
    }
  }

  /** The words are sent as far as the kernel takes them at once. */
  private void refuse(Connection connection, String words) {
    stats.connectionsRejected++;
    byte[] bytes = words.getBytes(StandardCharsets.US_ASCII);
    long address = NativeHeap.allocate(bytes.length);
    Memory.copyFrom(bytes, 0, address, bytes.length);
    long sent = 0;
    long n;
    do {
      n = connection.write(address + sent, bytes.length - sent);
      sent += n;
    } while (n > 0 && sent < bytes.length);
    NativeHeap.free(address);
    connection.close();
  }

  void close() {
    listeners.forEach(Listener::close);
    listeners.clear();
  }
}
