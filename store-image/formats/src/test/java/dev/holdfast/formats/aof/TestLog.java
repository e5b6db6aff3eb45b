package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a log as the engine does: effects, and lines of ours between them. */
public final class TestLog {
  public static final long FILE = 0xfeedface12345678L;
  private static final byte[] SELECT = ascii("SELECT");

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final NativeBuffer group = new NativeBuffer(64);
  private final AofWriter writer = new AofWriter(group);
  private final GroupChain chain;
  private long identity = FILE;
  private long offset;
  private long durable;

  /** A file that begins with a mark of this offset, durable up to there. */
  public TestLog(long offset) {
    this(offset, FILE);
  }

  /** As {@link #TestLog(long)}, with this identity. */
  public TestLog(long offset, long identity) {
    this.chain = new GroupChain();
    this.identity = identity;
    this.offset = offset;
    this.durable = offset;
    mark();
  }

  /** Goes on behind what is there already. */
  public TestLog(byte[] before, GroupChain chain, long offset) {
    this.chain = chain;
    this.offset = offset;
    this.durable = offset;
    file.writeBytes(before);
  }

  public TestLog command(String... words) {
    long before = group.length();
    var arguments = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = ascii(words[i]);
    }
    writer.command(arguments);
    offset += group.length() - before;
    return this;
  }

  /** As ours are: behind the empty annotation. */
  public TestLog select(int db) {
    writer.annotation(new byte[0]);
    long before = group.length();
    writer.command(2).argument(SELECT).argument(db);
    offset += group.length() - before;
    return this;
  }

  public TestLog annotation(String text) {
    writer.annotation(ascii(text));
    return this;
  }

  /** Closes the group. */
  public TestLog group() {
    chain.group(group, 0);
    return flush();
  }

  /** Closes the group, and says that everything before it is durable. */
  public TestLog groupBehindDurable() {
    chain.group(group, 0, true);
    return flush();
  }

  /** Closes the group, which may have nothing in it. */
  public TestLog mark() {
    chain.mark(group, 0, identity, 0, offset, durable);
    return flush();
  }

  /** Closes the group with a mark of this offset, as a base of commands ends. */
  public TestLog markAt(long otherOffset) {
    offset = otherOffset;
    return mark();
  }

  /** What was written so far is durable; the next mark says so. */
  public TestLog synced() {
    durable = offset;
    return this;
  }

  /** Writes what there is without a line. */
  public TestLog flush() {
    file.writeBytes(Raw.bytes(group.address(), (int) group.length()));
    group.clear();
    return this;
  }

  public long offset() {
    return offset;
  }

  public int size() {
    return file.size();
  }

  public byte[] bytes() {
    return file.toByteArray();
  }

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A command as it stands in a file. */
  public static String resp(String... words) {
    var text = new StringBuilder("*" + words.length + "\r\n");
    for (var word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  public static byte[] concat(byte[] first, byte[] second) {
    var all = new byte[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
