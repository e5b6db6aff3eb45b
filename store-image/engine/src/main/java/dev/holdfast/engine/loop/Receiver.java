package dev.holdfast.engine.loop;

import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.client.ClientLog;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.OutputGuard;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.net.Connection;
import dev.holdfast.engine.protocol.Args;
import dev.holdfast.engine.protocol.RequestParser;
import dev.holdfast.engine.protocol.RequestParser.Outcome;

/**
 * Reads requests and has them executed, up to {@link #BATCH} of a client at a time: first the batch
 * is parsed, then the index lines of all its keys are touched, then their records, then the
 * commands run. So the waits for memory overlap instead of adding up.
 *
 * <p>Requests are executed where they were read: in one buffer that all clients share, or, when
 * only a part of a request came, in a buffer of the client's own.
 */
final class Receiver {
  static final int BATCH = 32;
  private static final int SHARED_BYTES = 64 << 10;
  private static final int MAX_READ = 1 << 20;
  private static final long UNAUTHENTICATED_QUERY = 1 << 20;

  private final Clients clients;
  private final Sessions sessions;
  private final LoopStats stats;
  private final CommandExecutor executor;
  private final Keyspace keyspace;
  private final EffectLog log;
  private final ClientLog events;
  private final RequestParser parser;
  private final OutputGuard guard;
  private final long shared = NativeHeap.allocate(SHARED_BYTES);
  private final Args[] batch = new Args[BATCH];

  /** Where the i-th request of the batch begins. */
  private final long[] begins = new long[BATCH];

  private int count;
  private long nowNanos;

  /** Behind the last request that was read. */
  private long parsed;

  Receiver(Loop.Parts parts, Sessions sessions, LoopStats stats) {
    this.clients = parts.clients();
    this.sessions = sessions;
    this.stats = stats;
    this.executor = parts.executor();
    this.keyspace = parts.keyspace();
    this.log = parts.log();
    this.events = parts.events();
    this.parser = new RequestParser(clients.settings().protocol, parts.pool());
    this.guard = new OutputGuard(clients.settings(), events);
    for (int i = 0; i < BATCH; i++) {
      batch[i] = new Args();
    }
  }

  /** A socket has something to read. */
  void receive(Session session, long nowNanos) {
    this.nowNanos = nowNanos;
    var query = session.query;
    if (session.client.isClosing()) {
      query.clear();
    }
    boolean own = !query.isEmpty();
    long target = shared;
    int room = SHARED_BYTES;
    if (own) {
      query.grow(session.partial.expected());
      target = query.end();
      room = (int) Math.min(query.room(), MAX_READ);
    }
    int n = session.connection.read(target, room);
    stats.reads++;
    if (n == Connection.WOULD_BLOCK) {
      return;
    }
    if (n == Connection.CLOSED) {
      ended(session);
      return;
    }
    stats.inputBytes += n;
    session.client.active(nowNanos);
    if (own) {
      query.filled(n);
      executeOwn(session);
    } else {
      long left = execute(session, shared, shared + n);
      if (session.open && left < shared + n && !session.client.isClosing()) {
        query.append(left, shared + n - left);
      }
    }
    checkQuery(session);
  }

  /** Goes on with what the session has received already. */
  void resume(Session session, long nowNanos) {
    this.nowNanos = nowNanos;
    if (session.open) {
      if (!session.query.isEmpty()) {
        executeOwn(session);
      }
      if (session.open && session.inputEnded) {
        sessions.sendSoon(session);
      }
    }
  }

  private void executeOwn(Session session) {
    var query = session.query;
    long from = query.address();
    long left = execute(session, from, query.end());
    if (session.open) {
      query.consumed(left - from);
    }
  }

  /** Executes what is complete; returns where the rest begins. */
  private long execute(Session session, long from, long to) {
    long at = from;
    while (at < to && session.mayExecute()) {
      boolean authenticated = session.client.authenticated;
      var end = parse(session, at, to, authenticated);
      if (count > 1) {
        prefetch(session.client.db);
      }
      int done = runBatch(session, authenticated);
      if (done < count) {
        session.partial.reset();
        at = begins[done];
        continue;
      }
      at = parsed;
      switch (end) {
        case COMPLETE -> {}
        case INCOMPLETE -> {
          return at;
        }
        case MALFORMED -> {
          refuse(session);
          return to;
        }
      }
    }
    return at;
  }

  /**
   * Runs the batch; returns how many commands ran. The rest has to be read again when a command
   * changed what the client may send, and waits when it may not execute any more.
   */
  private int runBatch(Session session, boolean authenticated) {
    boolean restricted = clients.paused() != Clients.Pause.NONE || log.parkWriters();
    executor.beginBatch();
    for (int i = 0; i < count; i++) {
      if (!session.mayExecute()
          || session.client.authenticated != authenticated
          || restricted && postpones(session, batch[i])) {
        return i;
      }
      run(session, batch[i]);
    }
    return count;
  }

  /** Reads up to a batch of requests. */
  private Outcome parse(Session session, long from, long to, boolean authenticated) {
    count = 0;
    parsed = from;
    int most = authenticated ? BATCH : 1;
    while (count < most && parsed < to) {
      var args = batch[count];
      var outcome = parser.parse(parsed, to, authenticated, session.partial, args);
      if (outcome != Outcome.COMPLETE) {
        return outcome;
      }
      begins[count] = parsed;
      parsed = parser.end();
      if (args.count() > 0) {
        count++;
        if (parser.lastWasInline()) {
          break;
        }
      }
    }
    return Outcome.COMPLETE;
  }

  private void prefetch(int db) {
    for (int i = 0; i < count; i++) {
      var args = batch[i];
      int key = executor.firstKey(args);
      if (key > 0 && key < args.count()) {
        long hash = keyspace.hash(args.address(key), args.length(key));
        args.hashed(key, hash);
        keyspace.prefetchIndex(db, hash);
      }
    }
    for (int i = 0; i < count; i++) {
      if (batch[i].hashedIndex() >= 0) {
        keyspace.prefetchRecord(db, batch[i].hash());
      }
    }
  }

  /** Whether the command has to wait; the session is then asked again when the reason is gone. */
  private boolean postpones(Session session, Args args) {
    boolean postpones =
        switch (clients.paused()) {
          case ALL -> true;
          case WRITE -> executor.waitsForPausedWriters(session.client, args);
          case NONE -> log.parkWriters() && executor.writes(session.client, args);
        };
    if (postpones) {
      sessions.postpone(session);
    }
    return postpones;
  }

  private void run(Session session, Args args) {
    var client = session.client;
    clients.running(client);
    client.beginReply();
    executor.execute(client, args);
    client.endReply();
    clients.running(null);
    if (guard.exceeded(client, nowNanos)) {
      stats.outputBufferDisconnections++;
      sessions.close(session);
    }
  }

  private void refuse(Session session) {
    var client = session.client;
    events.verbose(
        "Protocol error (%s) from client: %s".formatted(parser.reason(), client.describe()));
    client.beginReply();
    client.reply().protocolError(parser.error());
    client.endReply();
    client.closeAfterReplies();
  }

  /** The peer sends no more. What it asked for is still answered, if it can be without blocking. */
  private void ended(Session session) {
    var client = session.client;
    boolean failed = session.connection.failure() != null;
    if (failed) {
      events.verbose("Reading from client: " + session.connection.failure());
    }
    boolean owesReplies = client.output().pending() > 0 || session.postponed;
    if (failed || client.isBlocked() || !owesReplies) {
      sessions.close(session);
      return;
    }
    session.inputEnded = true;
    session.updateInterest();
  }

  private void checkQuery(Session session) {
    if (!session.open) {
      return;
    }
    var client = session.client;
    long waiting = session.query.length() + client.transaction().bytes();
    if (waiting > clients.settings().protocol.maxQueryBuffer
        || waiting > UNAUTHENTICATED_QUERY && !client.authenticated) {
      int shown = (int) Math.min(64, session.query.length());
      events.warning(
          "Closing client that reached max query buffer length: %s (qbuf initial bytes: %s)"
              .formatted(client.describe(), Quoted.of(session.query.address(), shown)));
      stats.queryBufferDisconnections++;
      sessions.close(session);
    }
  }

  void close() {
    NativeHeap.free(shared);
  }
}
