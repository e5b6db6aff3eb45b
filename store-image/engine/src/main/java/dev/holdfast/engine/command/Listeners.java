package dev.holdfast.engine.command;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.Pushes;
import dev.holdfast.engine.memory.ByteString;
import dev.holdfast.engine.protocol.Args;
import dev.holdfast.engine.pubsub.Channels;
import dev.holdfast.engine.pubsub.KeyEvent;
import dev.holdfast.engine.pubsub.Notifications;
import dev.holdfast.engine.tracking.Tracking;

/**
 * Who hears of what happens to keys, beside those that {@code WATCH} them: subscribers of
 * notifications, and clients that cache what they have read. Without any of them a change costs the
 * look at {@link #any}.
 */
public final class Listeners {
  private final Pushes pushes;
  private final Notifications notifications;
  private final Tracking tracking;
  private boolean muted;
  private boolean any;

  public Listeners(Clients clients, Channels channels) {
    this.pushes = clients.pushes();
    this.notifications = new Notifications(channels);
    this.tracking = new Tracking(clients, this::look);
  }

  private Listeners() {
    this.pushes = Pushes.none();
    this.notifications = null;
    this.tracking = null;
  }

  /** Nobody, ever. */
  static Listeners none() {
    return new Listeners();
  }

  /** Which events are published: a value of {@code notify-keyspace-events}. */
  public void notifications(String letters) {
    notifications.choose(letters);
    look();
  }

  public Tracking tracking() {
    return tracking;
  }

  /** Nobody hears of data that is loaded. */
  void muted(boolean on) {
    muted = on;
    if (notifications != null) {
      look();
    }
  }

  private void look() {
    any = !muted && (notifications.any() || tracking.any());
  }

  boolean any() {
    return any;
  }

  boolean wants(KeyEvent event) {
    return any && notifications.wants(event);
  }

  void happened(KeyEvent event, int db, long key, int length) {
    if (notifications.wants(event)) {
      notifications.happened(event, db, ByteString.of(key, length));
    }
  }

  /** The server removed a key; the order of the two is stock's. */
  void removed(KeyEvent event, int db, ByteString key) {
    if (event == KeyEvent.EXPIRED) {
      notifications.happened(event, db, key);
      tracking.changed(key);
    } else {
      tracking.changed(key);
      notifications.happened(event, db, key);
    }
  }

  void changed(long key, int length) {
    if (tracking.any()) {
      tracking.changed(ByteString.of(key, length));
    }
  }

  void flushed() {
    tracking.flushed();
  }

  /** A tracked client ran a command that reads. */
  void read(Client client, Command command, Args args) {
    if (!client.tracking().remembers()) {
      return;
    }
    for (var range : command.keys()) {
      int last = range.last() < 0 ? args.count() + range.last() : range.last();
      for (int i = range.first(); i <= last && i < args.count(); i += range.step()) {
        tracking.read(client, ByteString.of(args.address(i), args.length(i)));
      }
    }
  }

  /**
   * The log has an effect of the server's own at this offset: who hears of it waits for that.
   *
   * @param executing whether a command runs, which has more to tell
   */
  void caused(boolean executing, long offset) {
    if (!pushes.waiting()) {
      return;
    }
    if (executing) {
      pushes.waitFor(offset);
    } else {
      pushes.end(offset);
    }
  }
}
