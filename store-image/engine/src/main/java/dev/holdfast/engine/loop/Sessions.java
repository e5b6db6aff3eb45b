package dev.holdfast.engine.loop;

import dev.holdfast.engine.client.Clients;
import java.util.ArrayList;
import java.util.List;

/** Which sessions have something to do at the end of the iteration. */
final class Sessions {
  private final Clients clients;
  private List<Session> sending = new ArrayList<>();
  private List<Session> spareSending = new ArrayList<>();
  private List<Session> resuming = new ArrayList<>();
  private List<Session> spareResuming = new ArrayList<>();
  private final List<Session> postponed = new ArrayList<>();

  Sessions(Clients clients) {
    this.clients = clients;
  }

  void sendSoon(Session session) {
    if (!session.waitsToSend && session.open) {
      session.waitsToSend = true;
      sending.add(session);
    }
  }

  /** Who has something to send; valid until the next call. */
  List<Session> takeSending() {
    var taken = sending;
    sending = spareSending;
    sending.clear();
    spareSending = taken;
    return taken;
  }

  void resumeSoon(Session session) {
    if (!session.waitsToResume && session.open) {
      session.waitsToResume = true;
      resuming.add(session);
    }
  }

  /** Whose requests may be executed again; valid until the next call. */
  List<Session> takeResuming() {
    var taken = resuming;
    resuming = spareResuming;
    resuming.clear();
    spareResuming = taken;
    return taken;
  }

  void postpone(Session session) {
    session.postponed = true;
    postponed.add(session);
  }

  int postponedCount() {
    return postponed.size();
  }

  void resumePostponed() {
    for (int i = 0; i < postponed.size(); i++) {
      var session = postponed.get(i);
      session.postponed = false;
      resumeSoon(session);
    }
    postponed.clear();
  }

  boolean hasWork() {
    return !sending.isEmpty() || !resuming.isEmpty();
  }

  void close(Session session) {
    if (session.open) {
      session.open = false;
      if (session.postponed) {
        postponed.remove(session);
      }
      session.query.clear();
      clients.disconnected(session.client);
      session.connection.close();
    }
  }
}
