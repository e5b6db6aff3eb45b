package dev.holdfast.engine.loop;

import dev.holdfast.engine.client.ClientLog;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.net.Connection;

/** Sends what may leave, at the end of an iteration or when a socket takes bytes again. */
final class Sender {
  private static final int MAX_PIECES = 64;

  /** So much is sent to one client before the others get their turn. */
  private static final long MAX_BYTES_PER_TURN = 4 << 20;

  private final Sessions sessions;
  private final LoopStats stats;
  private final ClientLog log;
  private final long pieces = NativeHeap.allocate(16L * MAX_PIECES);

  Sender(Sessions sessions, LoopStats stats, ClientLog log) {
    this.sessions = sessions;
    this.stats = stats;
    this.log = log;
  }

  /** Sends to everyone who has something; returns how many that were. */
  int sendAll(long nowNanos) {
    var sending = sessions.takeSending();
    int count = sending.size();
    for (int i = 0; i < count; i++) {
      var session = sending.get(i);
      session.waitsToSend = false;
      if (session.open && !session.wantsWritable) {
        send(session, nowNanos);
      }
    }
    return count;
  }

  void send(Session session, long nowNanos) {
    var client = session.client;
    var output = client.output();
    long upTo = client.sendable();
    long turnEnd = output.sent() + MAX_BYTES_PER_TURN;
    boolean full = false;
    while (output.sent() < upTo) {
      long wanted = upTo - output.sent();
      long sent;
      if (output.firstLength() >= wanted) {
        sent = session.connection.write(output.firstAddress(), wanted);
      } else {
        int count = output.vector(pieces, MAX_PIECES, upTo);
        sent = session.connection.writeVector(pieces, count);
      }
      stats.writes++;
      if (sent == Connection.CLOSED) {
        log.verbose("Error writing to client: " + session.connection.failure());
        sessions.close(session);
        return;
      }
      if (sent == Connection.WOULD_BLOCK) {
        full = true;
        break;
      }
      stats.outputBytes += sent;
      output.consumed(sent);
      client.active(nowNanos);
      if (output.sent() >= turnEnd) {
        break;
      }
    }
    if (output.pending() == 0 && isFinished(session)) {
      sessions.close(session);
      return;
    }
    if (full != session.wantsWritable) {
      session.wantsWritable = full;
      session.updateInterest();
    }
    if (!full && output.sent() < client.sendable()) {
      sessions.sendSoon(session);
    }
  }

  private static boolean isFinished(Session session) {
    return session.client.isClosing()
        || session.inputEnded && !session.postponed && !session.waitsToResume;
  }

  void close() {
    NativeHeap.free(pieces);
  }
}
