package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.Decimal;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;

/**
 * Encodes commands and annotations of an AOF, appending to a buffer that the caller empties.
 *
 * <p>A command is {@link #command(int)} and then one call per argument, or all at once with arrays.
 */
public final class AofWriter {
  private static final short CRLF = '\r' | '\n' << 8;

  private final NativeBuffer buffer;

  public AofWriter(NativeBuffer buffer) {
    this.buffer = buffer;
  }

  public NativeBuffer buffer() {
    return buffer;
  }

  /** Starts a command of {@code arguments} arguments, its name included. */
  public AofWriter command(int arguments) {
    header('*', arguments, 0);
    return this;
  }

  /** Adds an argument from native memory. */
  public AofWriter argument(long address, int length) {
    long at = header('$', length, length + 2L);
    Raw.copy(address, at, length);
    Raw.putShort(at + length, CRLF);
    buffer.advance(length + 2L);
    return this;
  }

  public AofWriter argument(byte[] bytes) {
    long at = header('$', bytes.length, bytes.length + 2L);
    Raw.copyFrom(bytes, 0, at, bytes.length);
    Raw.putShort(at + bytes.length, CRLF);
    buffer.advance(bytes.length + 2L);
    return this;
  }

  /** Adds a number as its decimal digits. */
  public AofWriter argument(long number) {
    int length = Decimal.length(number);
    long at = header('$', length, length + 2L);
    Decimal.put(at, number);
    Raw.putShort(at + length, CRLF);
    buffer.advance(length + 2L);
    return this;
  }

  /** A whole command. */
  public AofWriter command(byte[]... arguments) {
    command(arguments.length);
    for (var argument : arguments) {
      argument(argument);
    }
    return this;
  }

  /** {@code #TS:<seconds>}: what follows happened at this time or later. */
  public AofWriter timestamp(long unixSeconds) {
    buffer.putAscii("#TS:");
    buffer.putDecimal(unixSeconds);
    buffer.putAscii("\r\n");
    return this;
  }

  /**
   * A line that every stock loader skips.
   *
   * @param text without {@code #} and line end; at most 1020 bytes, none of them a line end
   */
  public AofWriter annotation(byte[] text) {
    if (text.length > AofReader.MAX_ANNOTATION - 3) {
      throw new IllegalArgumentException(
          "an annotation has at most " + (AofReader.MAX_ANNOTATION - 3) + " bytes: " + text.length);
    }
    for (byte b : text) {
      if (b == '\n' || b == '\r') {
        throw new IllegalArgumentException("an annotation is one line");
      }
    }
    buffer.put((byte) '#');
    buffer.put(text);
    buffer.putAscii("\r\n");
    return this;
  }

  /**
   * Writes prefix, number and line end, reserves {@code more} bytes behind them and returns their
   * address.
   */
  private long header(char prefix, int number, long more) {
    long at = buffer.reserve(1 + Decimal.MAX_LENGTH + 2 + more);
    Raw.putByte(at, (byte) prefix);
    int digits = Decimal.put(at + 1, number);
    Raw.putShort(at + 1 + digits, CRLF);
    buffer.advance(digits + 3L);
    return at + digits + 3;
  }
}
