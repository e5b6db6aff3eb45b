package dev.holdfast.tools.check;

import dev.holdfast.formats.aof.GroupChain;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.io.ByteArrayOutputStream;

/** An incremental file of ours: each part is a group, with the line that checks it. */
public final class CheckedLog {

  private static final long FILE = 0x0123456789abcdefL;

  private final GroupChain chain = new GroupChain();
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private long offset;

  public CheckedLog() {
    this(0);
  }

  /** A file that begins at this logical offset. */
  public CheckedLog(long offset) {
    this.offset = offset;
    close(new byte[0], true);
  }

  /** Adds a group that is closed by a group line. */
  public CheckedLog group(byte[] commands) {
    offset += commands.length;
    return close(commands, false);
  }

  /** Adds a group whose line says that all that is before it is durable, as under always. */
  public CheckedLog groupBehindDurable(byte[] commands) {
    offset += commands.length;
    try (var buffer = new NativeBuffer(64)) {
      buffer.put(commands);
      chain.group(buffer, 0, true);
      file.writeBytes(Raw.bytes(buffer.address(), (int) buffer.length()));
    }
    return this;
  }

  /** Adds a group that is closed by a mark: all that is before is durable. */
  public CheckedLog mark(byte[] commands) {
    offset += commands.length;
    return close(commands, true);
  }

  /** Logical offset at the end. */
  public long offset() {
    return offset;
  }

  public byte[] bytes() {
    return file.toByteArray();
  }

  private CheckedLog close(byte[] commands, boolean mark) {
    try (var buffer = new NativeBuffer(64)) {
      buffer.put(commands);
      if (mark) {
        chain.mark(buffer, 0, FILE, 0, offset, offset);
      } else {
        chain.group(buffer, 0);
      }
      file.writeBytes(Raw.bytes(buffer.address(), (int) buffer.length()));
    }
    return this;
  }
}
