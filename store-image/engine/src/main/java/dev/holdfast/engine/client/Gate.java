package dev.holdfast.engine.client;

/**
 * Holds what leaves a connection until the log offset it depends on is safe.
 *
 * <p>A reply depends on the command's own effect and on the last effect of every key it looked up,
 * missing ones included: otherwise a client could act on a value that a power cut takes back. The
 * last effect per key is kept in a fixed table by (database, key hash), so that two keys may share
 * an entry: that can only hold a reply longer, never let it go too early. Replies of one connection
 * leave in order, so a held one holds those behind it.
 */
public final class Gate {

  /** Remembers that an effect at {@code offset} changed the key. */
  public void wrote(int db, long hash, long offset) {
    throw new UnsupportedOperationException();
  }

  /** Remembers that an effect changed the whole database ({@code FLUSHDB}, {@code SWAPDB}). */
  public void wroteDatabase(int db, long offset) {
    throw new UnsupportedOperationException();
  }

  /** The offset that has to be safe before anyone may hear of the key. */
  public long dependsOn(int db, long hash) {
    throw new UnsupportedOperationException();
  }

  /** The same for a question about the whole database ({@code SCAN}, {@code DBSIZE}). */
  public long dependsOnDatabase(int db) {
    throw new UnsupportedOperationException();
  }

  /** Everything up to here may leave. */
  public long released() {
    throw new UnsupportedOperationException();
  }

  /** Lets go of everything that depends on offsets up to {@code offset}. */
  public void release(long offset) {
    throw new UnsupportedOperationException();
  }

  /** Replaces every reply that is still held by an error, one for one, and lets it go. */
  public void fail(String codeAndText) {
    throw new UnsupportedOperationException();
  }

  /** Clients that have something held. */
  public int held() {
    throw new UnsupportedOperationException();
  }
}
