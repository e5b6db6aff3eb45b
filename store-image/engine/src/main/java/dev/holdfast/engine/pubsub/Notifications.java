package dev.holdfast.engine.pubsub;

import dev.holdfast.engine.memory.ByteString;
import java.util.EnumSet;
import java.util.Set;

/**
 * Publishes what happens to keys, as {@code notify-keyspace-events} says: the event to {@code
 * __keyspace@<db>__:<key>}, and the key to {@code __keyevent@<db>__:<event>}.
 */
public final class Notifications {
  private final Channels channels;
  private final Set<KeyEvent> wanted = EnumSet.noneOf(KeyEvent.class);
  private boolean byKey;
  private boolean byEvent;

  public Notifications(Channels channels) {
    this.channels = channels;
  }

  /**
   * What is published from here on.
   *
   * @param letters a value of the directive
   */
  public void choose(String letters) {
    byKey = letters.indexOf('K') >= 0;
    byEvent = letters.indexOf('E') >= 0;
    wanted.clear();
    for (var event : KeyEvent.values()) {
      if ((byKey || byEvent) && event.type().isIn(letters)) {
        wanted.add(event);
      }
    }
  }

  /** Whether anything is published. */
  public boolean any() {
    return !wanted.isEmpty();
  }

  /** Whether this event is. */
  public boolean wants(KeyEvent event) {
    return wanted.contains(event);
  }

  /** Something happened to a key. */
  public void happened(KeyEvent event, int db, ByteString key) {
    if (!wants(event)) {
      return;
    }
    if (byKey) {
      channels.publish(ByteString.of("__keyspace@" + db + "__:" + key), event.word());
    }
    if (byEvent) {
      channels.publish(ByteString.of("__keyevent@" + db + "__:" + event.word()), key);
    }
  }
}
