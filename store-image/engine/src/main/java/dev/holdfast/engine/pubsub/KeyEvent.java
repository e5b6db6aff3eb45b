package dev.holdfast.engine.pubsub;

import dev.holdfast.engine.memory.ByteString;
import java.util.Locale;

/** What can happen to a key, with the field's names. */
public enum KeyEvent {
  DEL(EventClass.GENERIC),
  EXPIRE(EventClass.GENERIC),
  PERSIST(EventClass.GENERIC),
  RENAME_FROM(EventClass.GENERIC),
  RENAME_TO(EventClass.GENERIC),
  MOVE_FROM(EventClass.GENERIC),
  MOVE_TO(EventClass.GENERIC),
  COPY_TO(EventClass.GENERIC),
  RESTORE(EventClass.GENERIC),
  SET(EventClass.STRING),
  APPEND(EventClass.STRING),
  SETRANGE(EventClass.STRING),
  INCRBY(EventClass.STRING),
  INCRBYFLOAT(EventClass.STRING),
  EXPIRED(EventClass.EXPIRED),
  EVICTED(EventClass.EVICTED),
  NEW(EventClass.NEW),
  KEYMISS(EventClass.KEY_MISS);

  private final EventClass type;
  private final ByteString word = ByteString.of(name().toLowerCase(Locale.ROOT));

  KeyEvent(EventClass type) {
    this.type = type;
  }

  EventClass type() {
    return type;
  }

  ByteString word() {
    return word;
  }
}
