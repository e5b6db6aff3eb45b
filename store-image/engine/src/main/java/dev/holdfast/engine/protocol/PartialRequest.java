package dev.holdfast.engine.protocol;

/**
 * How far a request was read that has not arrived in full, so that reading goes on there. All
 * places are relative to the request's first byte, since the bytes may move.
 */
public final class PartialRequest {
  boolean active;

  /** Next byte to look at. */
  long position;

  /** Words of the array that are still to come; -1 before the array's header was read. */
  long remaining;

  /** Length of the word whose header was read last; -1 when a header is next. */
  long bulkLength;

  /** The words so far; their addresses are relative. */
  final Args words = new Args();

  void begin() {
    active = true;
    position = 0;
    remaining = -1;
    bulkLength = -1;
    words.clear();
  }

  /** Forgets the request: its bytes will be read from the start. */
  public void reset() {
    active = false;
  }

  /** Bytes that the request takes at least, as far as it is known. */
  public long expected() {
    return active && bulkLength >= 0 ? position + bulkLength + 2 : 0;
  }
}
