package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.ByteSink;
import dev.holdfast.formats.offheap.NativeBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes an RDB file to a sink: {@link #start}, auxiliary fields, functions, then for each database
 * {@link #selectDb}, {@link #resizeDb} and its entries, then {@link #end}.
 *
 * <p>Keys and values are read from native memory during the call only. So a snapshot can copy
 * entries on one thread and have another compress, checksum and write the copies. One thread at a
 * time.
 */
public final class RdbWriter implements AutoCloseable {
  private static final int MAX_ENCODED_INTEGER = 11;
  private static final int MIN_COMPRESSED = 20;

  private final RdbOptions options;
  private final RdbOutput output;
  private final NativeBuffer scratch = new NativeBuffer(4096);
  private final Lzf lzf = new Lzf();
  private long pending;

  public RdbWriter(ByteSink sink, RdbOptions options) {
    this.options = options;
    this.output = new RdbOutput(sink, options.checksum());
  }

  /** The magic and the version. */
  public void start() throws IOException {
    output.putAscii("REDIS%04d".formatted(options.version()));
  }

  /** An auxiliary field; loaders ignore those that they do not know. */
  public void aux(String name, String value) throws IOException {
    output.putByte(RdbTypes.AUX);
    text(name);
    text(value);
  }

  /**
   * The fields that stock servers write first.
   *
   * @param redisVersion for example {@code 7.2.4}
   * @param unixSeconds creation time
   * @param usedMemory bytes of memory in use
   * @param aofBase whether the file is the base of an AOF
   */
  public void standardAux(String redisVersion, long unixSeconds, long usedMemory, boolean aofBase)
      throws IOException {
    aux("redis-ver", redisVersion);
    aux("redis-bits", "64");
    aux("ctime", Long.toString(unixSeconds));
    aux("used-mem", Long.toString(usedMemory));
    aux("aof-base", aofBase ? "1" : "0");
  }

  /** A function library's source. */
  public void function(long address, int length) throws IOException {
    output.putByte(RdbTypes.FUNCTION);
    string(address, length);
  }

  public void selectDb(int database) throws IOException {
    output.putByte(RdbTypes.SELECT_DB);
    output.putLength(database);
  }

  /** How many keys, and keys with an expiry, follow: a hint that lets loaders size their tables. */
  public void resizeDb(long keys, long expires) throws IOException {
    output.putByte(RdbTypes.RESIZE_DB);
    output.putLength(keys);
    output.putLength(expires);
  }

  /**
   * A string.
   *
   * @param expireAtMillis Unix milliseconds, or -1
   */
  public void entry(
      long keyAddress, int keyLength, long valueAddress, int valueLength, long expireAtMillis)
      throws IOException {
    entryHead(RdbTypes.STRING, keyAddress, keyLength, expireAtMillis);
    string(valueAddress, valueLength);
  }

  /** Access data of the entry that comes next, for servers that evict by LFU: 0 to 255. */
  public void frequency(int counter) throws IOException {
    output.putByte(RdbTypes.FREQUENCY);
    output.putByte(counter);
  }

  /** Access data of the entry that comes next, for servers that evict by LRU. */
  public void idle(long seconds) throws IOException {
    output.putByte(RdbTypes.IDLE);
    output.putLength(seconds);
  }

  /**
   * Starts a string whose value of {@code valueLength} bytes comes in pieces through {@link
   * #piece}; it is not compressed.
   */
  public void startEntry(long keyAddress, int keyLength, long valueLength, long expireAtMillis)
      throws IOException {
    entryHead(RdbTypes.STRING, keyAddress, keyLength, expireAtMillis);
    output.putLength(valueLength);
    pending = valueLength;
  }

  /** The next bytes of the value that {@link #startEntry} announced. */
  public void piece(long address, long length) throws IOException {
    if (length > pending) {
      throw new IllegalStateException(
          length + " bytes of a value of which " + pending + " are left");
    }
    pending -= length;
    output.put(address, length);
  }

  /** The end mark and the checksum; everything has reached the sink when this returns. */
  public void end() throws IOException {
    requireNoPending();
    output.putByte(RdbTypes.EOF);
    output.putChecksum();
    output.flush();
  }

  /** Hands to the sink what is still buffered. */
  public void flush() throws IOException {
    output.flush();
  }

  /** Bytes written so far, those that are still buffered included. */
  public long size() {
    return output.size();
  }

  private void entryHead(int type, long keyAddress, int keyLength, long expireAtMillis)
      throws IOException {
    requireNoPending();
    if (expireAtMillis >= 0) {
      output.putByte(RdbTypes.EXPIRE_MILLIS);
      output.putLong(expireAtMillis);
    }
    output.putByte(type);
    string(keyAddress, keyLength);
  }

  private void requireNoPending() {
    if (pending != 0) {
      throw new IllegalStateException(pending + " bytes of the last value are missing");
    }
  }

  private void text(String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    try (var copy = new NativeBuffer(bytes.length)) {
      copy.put(bytes);
      string(copy.address(), bytes.length);
    }
  }

  private void string(long address, int length) throws IOException {
    if (length <= MAX_ENCODED_INTEGER && output.putInteger(address, length)) {
      return;
    }
    if (options.compress() && length > MIN_COMPRESSED && compressed(address, length)) {
      return;
    }
    output.putLength(length);
    output.put(address, length);
  }

  private boolean compressed(long address, int length) throws IOException {
    scratch.clear();
    // Stock servers want at least four bytes saved, too.
    int size = lzf.compress(address, length, scratch.reserve(length), length - 4);
    if (size == 0) {
      return false;
    }
    output.putByte(0xc3);
    output.putLength(size);
    output.putLength(length);
    output.put(scratch.address(), size);
    return true;
  }

  /** Frees the buffers. Does not write what is buffered: {@link #end} does. */
  @Override
  public void close() {
    scratch.close();
    output.close();
  }
}
