package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;

/**
 * Reads requests: arrays of bulk strings, or inline words. A complete, well-formed array is read in
 * one pass over the received bytes without any state; whatever else it is goes through a state
 * machine that keeps its place in a {@link PartialRequest}. Both accept and refuse the same, with
 * the words of Redis 7.2; like it, they take the two bytes behind a string on trust.
 */
public final class RequestParser {
  /** Outcomes of {@link #parse}. */
  public enum Outcome {
    /**
     * {@code into} holds the words (none for an empty line), {@link #end()} is behind the request.
     */
    COMPLETE,
    /** More bytes are needed. */
    INCOMPLETE,
    /** {@link #error()} says what is wrong; the connection cannot go on. */
    MALFORMED
  }

  /** A line may have so many bytes while its end is not in sight. */
  private static final int MAX_LINE = 64 << 10;

  private static final int UNAUTHENTICATED_WORDS = 10;
  private static final int UNAUTHENTICATED_BULK = 16_384;

  /** A length with more digits than this is left to the state machine. */
  private static final int FAST_DIGITS = 9;

  private final ProtocolLimits limits;
  private final InlineWords inline;
  private long end;
  private String error;
  private String reason;

  public RequestParser(ProtocolLimits limits, BufferPool pool) {
    this.limits = limits;
    this.inline = new InlineWords(pool);
  }

  /** Address behind the request that was complete. */
  public long end() {
    return end;
  }

  /** Whether the words of the last request are only valid until the next call (inline words). */
  public boolean lastWasInline() {
    return inline.holdsWords();
  }

  /** What to tell the client, one character per byte, without {@code ERR}. */
  public String error() {
    return error;
  }

  /** The reason in short, for the log. */
  public String reason() {
    return reason;
  }

  /**
   * Reads one request.
   *
   * @param from address of its first byte
   * @param to address behind the last byte that has arrived, above {@code from}
   * @param authenticated whether the client may send large requests
   * @param partial the client's place when the request was incomplete before; updated
   * @param into gets the words
   */
  public Outcome parse(
      long from, long to, boolean authenticated, PartialRequest partial, Args into) {
    inline.release();
    if (!partial.active) {
      if (authenticated && fast(from, to, into)) {
        return Outcome.COMPLETE;
      }
      partial.begin();
    }
    var outcome =
        Memory.getByte(from) == '*'
            ? array(from, to, authenticated, partial)
            : line(from, to, partial, into);
    if (outcome == Outcome.COMPLETE && Memory.getByte(from) == '*') {
      finish(from, partial, into);
    }
    if (outcome != Outcome.INCOMPLETE) {
      partial.reset();
    }
    return outcome;
  }

  /** Reads a request that is complete and as expected; anything else is not its business. */
  private boolean fast(long from, long to, Args into) {
    into.clear();
    if (to - from < 4 || Memory.getByte(from) != '*') {
      return false;
    }
    long at = from + 1;
    int count = Memory.getByte(at) - '0';
    if (count < 1 || count > 9) {
      return false;
    }
    at++;
    int digit;
    while (at + 1 < to && (digit = Memory.getByte(at) - '0') >= 0 && digit <= 9) {
      if (at - from > FAST_DIGITS) {
        return false;
      }
      count = count * 10 + digit;
      at++;
    }
    if (at + 2 > to || Memory.getByte(at) != '\r') {
      return false;
    }
    at += 2;
    for (int i = 0; i < count; i++) {
      if (at + 4 > to || Memory.getByte(at) != '$') {
        return false;
      }
      long digits = at + 1;
      int length = Memory.getByte(digits) - '0';
      if (length < 0 || length > 9) {
        return false;
      }
      at = digits + 1;
      while (at < to && (digit = Memory.getByte(at) - '0') >= 0 && digit <= 9) {
        if (at - digits >= FAST_DIGITS || length == 0) {
          return false;
        }
        length = length * 10 + digit;
        at++;
      }
      if (at >= to || Memory.getByte(at) != '\r' || length > limits.maxBulk) {
        return false;
      }
      at += 2;
      if (to - at < length + 2L) {
        return false;
      }
      into.add(at, length);
      at += length + 2L;
    }
    end = at;
    return true;
  }

  private Outcome array(long from, long to, boolean authenticated, PartialRequest partial) {
    if (partial.remaining < 0) {
      long lineBreak = find('\r', from + partial.position, to);
      if (lineBreak == 0) {
        return to - from > MAX_LINE
            ? malformed("too big mbulk count string", "too big mbulk count string")
            : Outcome.INCOMPLETE;
      }
      if (lineBreak + 2 > to) {
        return Outcome.INCOMPLETE;
      }
      long count = StrictNumber.parse(from + 1, lineBreak);
      if (count == StrictNumber.INVALID || count > Integer.MAX_VALUE) {
        return malformed("invalid multibulk length", "invalid mbulk count");
      }
      if (count > UNAUTHENTICATED_WORDS && !authenticated) {
        return malformed("unauthenticated multibulk length", "unauth mbulk count");
      }
      partial.remaining = Math.max(0, count);
      partial.position = lineBreak + 2 - from;
    }
    while (partial.remaining > 0) {
      if (partial.bulkLength < 0) {
        var header = bulkHeader(from, to, authenticated, partial);
        if (header != Outcome.COMPLETE) {
          return header;
        }
      }
      long word = from + partial.position;
      if (to - word < partial.bulkLength + 2) {
        return Outcome.INCOMPLETE;
      }
      partial.words.add(partial.position, (int) partial.bulkLength);
      partial.position += partial.bulkLength + 2;
      partial.bulkLength = -1;
      partial.remaining--;
    }
    end = from + partial.position;
    return Outcome.COMPLETE;
  }

  private Outcome bulkHeader(long from, long to, boolean authenticated, PartialRequest partial) {
    long at = from + partial.position;
    long lineBreak = find('\r', at, to);
    if (lineBreak == 0) {
      return to - at > MAX_LINE
          ? malformed("too big bulk count string", "too big bulk count string")
          : Outcome.INCOMPLETE;
    }
    if (lineBreak + 2 > to) {
      return Outcome.INCOMPLETE;
    }
    if (Memory.getByte(at) != '$') {
      char got = (char) (Memory.getByte(at) & 0xff);
      return malformed("expected '$', got '" + got + "'", "expected $ but got something else");
    }
    long length = StrictNumber.parse(at + 1, lineBreak);
    if (length == StrictNumber.INVALID
        || length < 0
        || length > Math.min(limits.maxBulk, Integer.MAX_VALUE - 64)) {
      return malformed("invalid bulk length", "invalid bulk length");
    }
    if (length > UNAUTHENTICATED_BULK && !authenticated) {
      return malformed("unauthenticated bulk length", "unauth bulk length");
    }
    partial.bulkLength = length;
    partial.position = lineBreak + 2 - from;
    return Outcome.COMPLETE;
  }

  private static void finish(long from, PartialRequest partial, Args into) {
    into.clear();
    var words = partial.words;
    for (int i = 0; i < words.count(); i++) {
      into.add(from + words.address(i), words.length(i));
    }
    words.clear();
  }

  private Outcome line(long from, long to, PartialRequest partial, Args into) {
    long at = find('\n', from + partial.position, to);
    if (at == 0) {
      return to - from > MAX_LINE
          ? malformed("too big inline request", "too big inline request")
          : Outcome.INCOMPLETE;
    }
    long last = at > from && Memory.getByte(at - 1) == '\r' ? at - 1 : at;
    if (!inline.split(from, last, into)) {
      return malformed("unbalanced quotes in request", "unbalanced quotes in inline request");
    }
    end = at + 1;
    return Outcome.COMPLETE;
  }

  /** Where the byte is, or 0. A zero byte before it hides it, as in the field. */
  private static long find(char wanted, long at, long to) {
    while (at < to) {
      byte c = Memory.getByte(at);
      if (c == wanted) {
        return at;
      }
      if (c == 0) {
        return 0;
      }
      at++;
    }
    return 0;
  }

  private Outcome malformed(String text, String reason) {
    this.error = "Protocol error: " + text;
    this.reason = reason;
    return Outcome.MALFORMED;
  }
}
