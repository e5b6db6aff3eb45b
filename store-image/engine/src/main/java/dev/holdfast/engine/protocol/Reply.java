package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.Numbers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Writes replies in the form the client speaks (RESP2 or RESP3) into its {@link ReplyBuffer}. What
 * RESP2 has no word for becomes its nearest kin: a map a flat array, a double a bulk string, null a
 * null bulk, a set or push an array.
 *
 * <p>While muted ({@code CLIENT REPLY OFF}) everything is dropped, errors are still counted.
 */
public final class Reply {
  /** Type byte, number, line break. */
  private static final int HEADER = 1 + Numbers.MAX_LENGTH + 2;

  /** Strings up to here are written in one go. */
  private static final int SHORT = 8 << 10;

  private static final int CRLF = '\r' | '\n' << 8;
  private static final long OK = ascii8("+OK\r\n");
  private static final long NIL = ascii8("$-1\r\n");
  private static final long NIL_ARRAY = ascii8("*-1\r\n");
  private static final long NULL = ascii8("_\r\n");

  private final ReplyBuffer buffer;
  private int protocol = 2;
  private boolean muted;
  private long errors;
  private String lastError = "";

  public Reply(ReplyBuffer buffer) {
    this.buffer = buffer;
  }

  /** 2 or 3. */
  public int protocol() {
    return protocol;
  }

  public void protocol(int version) {
    this.protocol = version;
  }

  public boolean muted() {
    return muted;
  }

  public void muted(boolean muted) {
    this.muted = muted;
  }

  public void ok() {
    literal(OK, 5);
  }

  /** A simple string without line breaks. */
  public void status(String text) {
    line('+', text);
  }

  /** Code and text, {@code "ERR no such key"}; line breaks become spaces. */
  public void error(String codeAndText) {
    errors++;
    lastError = codeAndText;
    line('-', oneLine(codeAndText).getBytes(charset(codeAndText)));
  }

  /** An error whose text quotes a byte of the request as it is: one character per byte. */
  public void protocolError(String text) {
    errors++;
    lastError = "ERR " + text;
    line('-', oneLine(lastError).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** How many errors were written: the executor compares before and after a command. */
  public long errors() {
    return errors;
  }

  /** The last error's code and text, for error statistics; empty when there was none. */
  public String lastError() {
    return lastError;
  }

  public void integer(long value) {
    header(':', value);
  }

  /** Copies the bytes: the caller may change them afterwards. */
  public void bulk(long address, int length) {
    if (muted) {
      return;
    }
    if (length > SHORT) {
      header('$', length);
      buffer.append(address, length);
      lineBreak();
      return;
    }
    long at = writeHeader(buffer.reserve(HEADER + length + 2), '$', length);
    Memory.copy(address, at, length);
    buffer.advance(writeLineBreak(at + length));
  }

  public void bulk(byte[] bytes) {
    string('$', bytes);
  }

  public void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The integer's digits as a bulk string. */
  public void bulkInteger(long value) {
    if (!muted) {
      long at = writeHeader(buffer.reserve(2 * HEADER), '$', Numbers.length(value));
      buffer.advance(writeLineBreak(at + Numbers.format(value, at)));
    }
  }

  public void nil() {
    if (protocol == 3) {
      literal(NULL, 3);
    } else {
      literal(NIL, 5);
    }
  }

  /** Null where RESP2 wants a null array. */
  public void nilArray() {
    if (protocol == 3) {
      literal(NULL, 3);
    } else {
      literal(NIL_ARRAY, 5);
    }
  }

  public void array(int elements) {
    header('*', elements);
  }

  public void map(int pairs) {
    if (protocol == 3) {
      header('%', pairs);
    } else {
      header('*', 2L * pairs);
    }
  }

  public void set(int elements) {
    header(protocol == 3 ? '~' : '*', elements);
  }

  public void push(int elements) {
    header(protocol == 3 ? '>' : '*', elements);
  }

  public void doubleValue(double value) {
    String text = DoubleText.of(value);
    if (protocol == 3) {
      line(',', text);
    } else {
      bulk(text);
    }
  }

  public void bool(boolean value) {
    if (protocol == 3) {
      line('#', value ? "t" : "f");
    } else {
      integer(value ? 1 : 0);
    }
  }

  /**
   * @param format three letters, {@code txt} or {@code mkd}
   */
  public void verbatim(String format, String text) {
    if (protocol == 3) {
      string('=', (format + ":" + text).getBytes(StandardCharsets.UTF_8));
    } else {
      bulk(text);
    }
  }

  /** Decimal digits with an optional minus sign. */
  public void bigNumber(String digits) {
    if (protocol == 3) {
      line('(', digits);
    } else {
      bulk(digits);
    }
  }

  /** Begins an array whose length is not known yet; give the mark to {@link #endArray}. */
  public long deferArray() {
    return muted ? -1 : buffer.defer();
  }

  /** Aggregates end in reverse order of their beginning. */
  public void endArray(long mark, int elements) {
    end(mark, '*', elements);
  }

  /** Begins a map whose length is not known yet. */
  public long deferMap() {
    return deferArray();
  }

  public void endMap(long mark, int pairs) {
    if (protocol == 3) {
      end(mark, '%', pairs);
    } else {
      end(mark, '*', 2L * pairs);
    }
  }

  private void end(long mark, char type, long length) {
    if (mark >= 0) {
      long scratch = buffer.reserve(HEADER);
      long end = writeHeader(scratch, type, length);
      buffer.prepend((int) mark, scratch, (int) (end - scratch));
    }
  }

  /** Bytes that are in the protocol's form already. */
  public void raw(long address, int length) {
    if (!muted) {
      buffer.append(address, length);
    }
  }

  private void literal(long text, int length) {
    if (!muted) {
      long at = buffer.reserve(8);
      Memory.putLong(at, text);
      buffer.advance(at + length);
    }
  }

  private void line(char type, String text) {
    line(type, text.getBytes(StandardCharsets.UTF_8));
  }

  private void line(char type, byte[] bytes) {
    if (!muted) {
      long at = buffer.reserve(1);
      Memory.putByte(at, (byte) type);
      buffer.advance(at + 1);
      buffer.append(bytes);
      lineBreak();
    }
  }

  private void string(char type, byte[] bytes) {
    if (!muted) {
      header(type, bytes.length);
      buffer.append(bytes);
      lineBreak();
    }
  }

  private void lineBreak() {
    buffer.advance(writeLineBreak(buffer.reserve(2)));
  }

  private void header(char type, long value) {
    if (!muted) {
      buffer.advance(writeHeader(buffer.reserve(HEADER), type, value));
    }
  }

  private static long writeHeader(long at, char type, long value) {
    Memory.putByte(at, (byte) type);
    if (value >= 0 && value < 10) {
      Memory.putByte(at + 1, (byte) ('0' + value));
      return writeLineBreak(at + 2);
    }
    return writeLineBreak(at + 1 + Numbers.format(value, at + 1));
  }

  private static long writeLineBreak(long at) {
    Memory.putShort(at, (short) CRLF);
    return at + 2;
  }

  private static String oneLine(String text) {
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : withoutLastBreaks(text).replace('\r', ' ').replace('\n', ' ');
  }

  private static String withoutLastBreaks(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\r' || text.charAt(end - 1) == '\n')) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Texts that quote a request have one character per byte; others may have any character. */
  private static Charset charset(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return StandardCharsets.UTF_8;
      }
    }
    return StandardCharsets.ISO_8859_1;
  }

  private static long ascii8(String text) {
    long packed = 0;
    for (int i = 0; i < text.length(); i++) {
      packed |= (long) text.charAt(i) << 8 * i;
    }
    return packed;
  }
}
