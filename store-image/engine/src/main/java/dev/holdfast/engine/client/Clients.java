package dev.holdfast.engine.client;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.protocol.BufferPool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** All connected clients. The command thread owns it. */
public final class Clients {
  /** What {@code CLIENT PAUSE} stops. */
  public enum Pause {
    NONE,
    /** Commands that change data. */
    WRITE,
    ALL
  }

  private final ClientSettings settings;
  private final Gate gate;
  private final BufferPool pool;
  private final Clock clock;
  private final Map<Long, Client> byId = new LinkedHashMap<>();
  private final List<Client> blocked = new ArrayList<>();
  private final Pushes pushes;
  private final Monitors monitors;
  private long lastId;
  private Consumer<Client> onDisconnect = client -> {};
  private Client running;
  private Pause pause = Pause.NONE;
  private long pausedUntilNanos;

  public Clients(ClientSettings settings, Gate gate, BufferPool pool, Clock clock) {
    this.settings = settings;
    this.gate = gate;
    this.pool = pool;
    this.clock = clock;
    this.pushes = new Pushes(this, pool);
    this.monitors = new Monitors(pushes);
  }

  public ClientSettings settings() {
    return settings;
  }

  public Gate gate() {
    return gate;
  }

  public Monitors monitors() {
    return monitors;
  }

  public Pushes pushes() {
    return pushes;
  }

  BufferPool pool() {
    return pool;
  }

  long nowNanos() {
    return clock.monotonicNanos();
  }

  // ---- coming and going

  /** A connection was accepted. */
  public Client connected(Channel channel) {
    var client = new Client(++lastId, this, channel, pool, clock.monotonicNanos());
    client.authenticated = !settings.passwordRequired;
    byId.put(client.id(), client);
    return client;
  }

  /**
   * Hears of each client that is gone, before it is forgotten: the registry of watches lives
   * elsewhere.
   */
  public void onDisconnect(Consumer<Client> listener) {
    onDisconnect = listener;
  }

  /** The connection is closed; the client is forgotten. */
  public void disconnected(Client client) {
    if (byId.remove(client.id()) != null) {
      onDisconnect.accept(client);
      client.closed();
      client.monitor(false);
      gate.forget(client);
      blocked.remove(client);
      client.blocked = null;
      client.output().clear();
    }
  }

  public int size() {
    return byId.size();
  }

  /** Null when there is none. */
  public Client byId(long id) {
    return byId.get(id);
  }

  /** In order of connection. The action may kill clients. */
  public void forEach(Consumer<Client> action) {
    for (Client client : byId.values().toArray(new Client[0])) {
      if (!client.isClosed()) {
        action.accept(client);
      }
    }
  }

  /** Tells which client's command runs; null for none. */
  public void running(Client client) {
    running = client;
  }

  /** Whose command runs; null for nobody's. */
  public Client running() {
    return running;
  }

  /** Closes the client: at once, or after its reply when it is the one that runs. */
  public void kill(Client client) {
    if (client == running) {
      client.closeAfterReplies();
    } else if (client.channel() != null) {
      client.channel().close();
    }
  }

  /** Bytes of native memory that requests and replies take. */
  public long bufferBytes() {
    return pool.usedBytes();
  }

  // ---- pausing

  /**
   * {@code CLIENT PAUSE}: until {@code untilNanos} of the monotonic clock. While a pause runs, the
   * stricter kind and the later end win.
   */
  public void pause(Pause kind, long untilNanos) {
    var now = paused();
    pausedUntilNanos = now == Pause.NONE ? untilNanos : Math.max(pausedUntilNanos, untilNanos);
    pause = now == Pause.ALL ? now : kind;
  }

  public void unpause() {
    pause = Pause.NONE;
  }

  /** What is paused now; nothing expires and nothing is evicted while it is not {@code NONE}. */
  public Pause paused() {
    if (pause != Pause.NONE && clock.monotonicNanos() >= pausedUntilNanos) {
      pause = Pause.NONE;
    }
    return pause;
  }

  // ---- blocking

  /**
   * Parks the client: it executes nothing more until {@code what} is over, {@code deadlineNanos} of
   * the monotonic clock has passed ({@link Long#MAX_VALUE}: never), or it is unblocked.
   */
  public void block(Client client, Blocked what, long deadlineNanos) {
    client.blocked = what;
    client.blockedUntilNanos = deadlineNanos;
    blocked.add(client);
  }

  public int blockedCount() {
    return blocked.size();
  }

  /** {@code CLIENT UNBLOCK … TIMEOUT}: as if its time were over. False when it is not blocked. */
  public boolean unblock(Client client) {
    var what = client.blocked;
    return what != null && finish(client, () -> what.timedOut(client));
  }

  /** {@code CLIENT UNBLOCK … ERROR}: the client gets an error. False when it is not blocked. */
  public boolean unblockWithError(Client client, String codeAndText) {
    return client.blocked != null && finish(client, () -> client.reply().error(codeAndText));
  }

  /** Looks after everyone who waits; returns how many go on. */
  public int finishBlocked() {
    int before = blocked.size();
    if (before == 0) {
      return 0;
    }
    long now = clock.monotonicNanos();
    for (Client client : blocked.toArray(new Client[0])) {
      var what = client.blocked;
      if (what == null) {
        continue;
      }
      client.beginReply();
      if (what.tryFinish(client)) {
        goOn(client);
      } else if (now >= client.blockedUntilNanos) {
        unblock(client);
      }
    }
    return before - blocked.size();
  }

  /** When the next wait is over or the pause ends; {@link Long#MAX_VALUE} for never. */
  public long nextDeadlineNanos() {
    long next = pause == Pause.NONE ? Long.MAX_VALUE : pausedUntilNanos;
    for (Client client : blocked) {
      next = Math.min(next, client.blockedUntilNanos);
    }
    return next;
  }

  private boolean finish(Client client, Runnable reply) {
    client.beginReply();
    reply.run();
    goOn(client);
    return true;
  }

  private void goOn(Client client) {
    blocked.remove(client);
    client.blocked = null;
    client.endReply();
    client.channel().resume();
  }
}
