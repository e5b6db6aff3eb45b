package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The words of one command: where each is in native memory. The addresses are valid only during the
 * call that got them; what has to live longer is copied ({@link #bytes}).
 */
public final class Args {
  /** Room for more words than this is not kept. */
  private static final int MOST_KEPT = 1 << 14;

  private long[] addresses = new long[8];
  private int[] lengths = new int[8];
  private int count;
  private int hashedIndex = -1;
  private long hash;
  private Object command;

  public int count() {
    return count;
  }

  public long address(int i) {
    return addresses[i];
  }

  public int length(int i) {
    return lengths[i];
  }

  public void clear() {
    if (addresses.length > MOST_KEPT) {
      addresses = new long[8];
      lengths = new int[8];
    }
    count = 0;
    hashedIndex = -1;
    command = null;
  }

  /** What its first word was found to be already; null when nobody has looked. */
  public Object command() {
    return command;
  }

  public void found(Object command) {
    this.command = command;
  }

  /** The argument whose hash is known already, because its record was loaded ahead; -1 for none. */
  public int hashedIndex() {
    return hashedIndex;
  }

  /** The keyspace's hash of argument {@link #hashedIndex()}. */
  public long hash() {
    return hash;
  }

  public void hashed(int index, long hash) {
    this.hashedIndex = index;
    this.hash = hash;
  }

  public void add(long address, int length) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, count * 2);
      lengths = Arrays.copyOf(lengths, count * 2);
    }
    addresses[count] = address;
    lengths[count++] = length;
  }

  public byte[] bytes(int i) {
    return Memory.bytes(addresses[i], lengths[i]);
  }

  /** As UTF-8; bytes that are not become replacement characters. */
  public String string(int i) {
    return new String(bytes(i), StandardCharsets.UTF_8);
  }

  /** Whether argument {@code i} is this ASCII word, in upper or lower case. */
  public boolean is(int i, String upperCaseWord) {
    return Memory.equalsIgnoreCase(addresses[i], lengths[i], upperCaseWord);
  }

  /** Bytes of all words together. */
  public long totalLength() {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += lengths[i];
    }
    return sum;
  }
}
