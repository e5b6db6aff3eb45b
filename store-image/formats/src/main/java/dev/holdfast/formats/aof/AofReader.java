package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads an AOF in RESP form, one command or annotation per step, without allocating.
 *
 * <p>Stricter than stock servers in one point, as their check tool is: the line end after each
 * argument is verified, because a stock server loads a half-written value whose rest is zeros. Like
 * them it knows transactions: what is not closed by its {@code EXEC} at the end of the input counts
 * as truncated from its {@code MULTI} on.
 *
 * <p>One thread at a time. Arguments are addresses into the source's window, valid until the next
 * step.
 */
public final class AofReader {
  /** Longest annotation with its {@code #} and line end; stock loaders read no longer ones. */
  public static final int MAX_ANNOTATION = 1023;

  private static final short CRLF = '\r' | '\n' << 8;

  /** A prefix, up to ten digits and a line end, with room to spare. */
  private static final int LINE = 16;

  private static final int MAX_DIGITS = 13;

  /** The line {@code #} with its line end. */
  private static final int EMPTY_ANNOTATION = 3;

  private final ByteSource source;
  private final AofLimits limits;

  private int[] argOffset = new int[16];
  private int[] argLength = new int[16];
  private int argCount;
  private long itemOffset;
  private int itemWindow;
  private boolean afterEmptyAnnotation;
  private long itemLength;
  private boolean inMulti;
  private long lastGood;
  private long lines;
  private Item ended;
  private Problem problem;
  private long number;

  /** Reads from where the source stands, which may be behind an RDB preamble. */
  public AofReader(ByteSource source, AofLimits limits) {
    this.source = source;
    this.limits = limits;
    this.itemOffset = source.offset();
    this.lastGood = itemOffset;
  }

  /** The next item. After anything but a command or an annotation it returns the same again. */
  public Item next() throws IOException {
    if (ended != null) {
      return ended;
    }
    source.advance(itemWindow);
    itemOffset += itemLength;
    // No command is as short.
    afterEmptyAnnotation = itemLength == EMPTY_ANNOTATION;
    itemWindow = 0;
    itemLength = 0;
    argCount = 0;
    if (source.available() == 0 && !source.fill()) {
      return end();
    }
    return switch (Raw.getByte(source.address())) {
      case '*' -> command();
      case '#' -> annotation();
      default -> corrupt(0, "'*'");
    };
  }

  /** Arguments of the current command, its name included; 1 for an annotation. */
  public int argCount() {
    return argCount;
  }

  /** Native address of an argument. Not for arguments that are not {@link #argKept}. */
  public long argAddress(int index) {
    return source.address() + argOffset[index];
  }

  public int argLength(int index) {
    return argLength[index];
  }

  /** Whether the argument is in memory; see {@link AofLimits#keptBytes}. */
  public boolean argKept(int index) {
    return argOffset[index] >= 0;
  }

  /** Offset in the file of the first byte of the current item, or of the damaged one. */
  public long offset() {
    return itemOffset;
  }

  /** Offset of the byte after the current item. */
  public long endOffset() {
    return itemOffset + itemLength;
  }

  /** End of the last complete item outside of a transaction: the place to cut at. */
  public long lastGoodOffset() {
    return lastGood;
  }

  /**
   * Line ends read so far, as {@code redis-check-aof} counts: those of annotations do not count,
   * those of a cut command do.
   */
  public long lines() {
    return lines;
  }

  /**
   * Whether the current item lies between {@code MULTI} and {@code EXEC}, the {@code MULTI}
   * included.
   */
  public boolean inMulti() {
    return inMulti;
  }

  /**
   * Whether the current command is a {@code SELECT} without the empty annotation right before it,
   * which tells a stock server's from ours; {@code docs/log-format.md}.
   */
  public boolean bareSelect() {
    return !afterEmptyAnnotation
        && argLength[0] == 6
        && argKept(0)
        && Raw.equalsIgnoreCase(argAddress(0), 6, "SELECT");
  }

  /** What is wrong after {@link Item#TRUNCATED} or {@link Item#CORRUPT}; null before. */
  public Problem problem() {
    return problem;
  }

  /** Unix seconds of a {@code #TS:} annotation; -1 when the current item is something else. */
  public long timestamp() {
    if (argCount != 1 || argLength[0] < 4 || Raw.getByte(source.address()) != '#') {
      return -1;
    }
    long at = source.address() + 1;
    if (Raw.getByte(at) != 'T' || Raw.getByte(at + 1) != 'S' || Raw.getByte(at + 2) != ':') {
      return -1;
    }
    long seconds = 0;
    for (int i = 3; i < argLength[0]; i++) {
      int digit = Raw.getByte(at + i) - '0';
      if (digit < 0 || digit > 9 || i > 20) {
        return -1;
      }
      seconds = seconds * 10 + digit;
    }
    return seconds;
  }

  private Item command() throws IOException {
    int usual = usualCommand();
    if (usual > 0) {
      itemWindow = usual;
      itemLength = usual;
      return transaction() ? Item.COMMAND : ended;
    }
    int at = line(1);
    if (at < 0) {
      return ended;
    }
    if (number < 1 || number > limits.maxArguments()) {
      return corrupt(1, "a number of arguments from 1 to " + limits.maxArguments());
    }
    int count = (int) number;
    for (int i = 0; i < count; i++) {
      at = argument(i, at);
      if (at < 0) {
        return ended;
      }
    }
    argCount = count;
    itemWindow = at;
    itemLength += at;
    return transaction() ? Item.COMMAND : ended;
  }

  /**
   * Reads a command that lies in the window as a whole and whose lengths have at most five digits,
   * as nearly all have: one load for each length, where the careful way below goes byte by byte.
   * Returns how long the command is, or 0 when it is another one, or damaged: nothing is changed
   * then.
   */
  private int usualCommand() {
    long start = source.address();
    int available = Math.min(source.available(), limits.keptBytes());
    if (available < LINE) {
      return 0;
    }
    int header = shortLine(Raw.getLong(start) >>> 8);
    int count = header >>> 3;
    if (count == 0 || count > argOffset.length || count > limits.maxArguments()) {
      return 0;
    }
    int at = 1 + (header & 7);
    for (int i = 0; i < count; i++) {
      if (at > available - LINE) {
        return 0;
      }
      long word = Raw.getLong(start + at);
      int line = shortLine(word >>> 8);
      int length = line >>> 3;
      if (line == 0 || (byte) word != '$' || length > limits.maxArgumentBytes()) {
        return 0;
      }
      int from = at + 1 + (line & 7);
      int end = from + length;
      if (end > available - 2 || Raw.getShort(start + end) != CRLF) {
        return 0;
      }
      argOffset[i] = from;
      argLength[i] = length;
      at = end + 2;
    }
    argCount = count;
    lines += 1 + 2L * count;
    return at;
  }

  /**
   * One to five digits and a line end in the low seven bytes: their value times eight, plus how
   * many bytes they take. 0 when there is something else.
   */
  private static int shortLine(long bytes) {
    long rest = bytes;
    int value = 0;
    for (int digits = 1; digits <= 5; digits++) {
      int digit = ((int) rest & 0xff) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      value = value * 10 + digit;
      rest >>>= 8;
      if ((short) rest == CRLF) {
        return value << 3 | digits + 2;
      }
    }
    return 0;
  }

  /**
   * Reads one argument that starts {@code at} bytes into the item; returns where the next one
   * starts, or -1.
   */
  private int argument(int index, int at) throws IOException {
    if (source.available() <= at && !source.require(at + 1)) {
      return truncated("'$'");
    }
    if (Raw.getByte(source.address() + at) != '$') {
      corrupt(at, "'$'");
      return -1;
    }
    int start = line(at + 1);
    if (start < 0) {
      return -1;
    }
    long length = number;
    if (length > limits.maxArgumentBytes()) {
      corrupt(at + 1, "an argument of at most " + limits.maxArgumentBytes() + " bytes");
      return -1;
    }
    if (index == argOffset.length) {
      argOffset = Arrays.copyOf(argOffset, index * 2);
      argLength = Arrays.copyOf(argLength, index * 2);
    }
    if (start + length + 2 > limits.keptBytes()) {
      if (limits.passBy()) {
        return passBy(index, at, start, length);
      }
      corrupt(at, "a command of at most " + limits.keptBytes() + " bytes");
      return -1;
    }
    int end = start + (int) length;
    if (source.available() < end + 2 && !source.require(end + 2)) {
      return truncatedArgument(end);
    }
    if (Raw.getShort(source.address() + end) != CRLF) {
      return unended(end);
    }
    lines++;
    argOffset[index] = start;
    argLength[index] = (int) length;
    return end + 2;
  }

  private int unended(int end) throws IOException {
    boolean half = Raw.getByte(source.address() + end) == '\r';
    corrupt(half ? end + 1 : end, "a line end after the argument");
    return -1;
  }

  /** Checks an argument that is too large to keep, and takes it out of the window. */
  private int passBy(int index, int at, int start, long length) throws IOException {
    long wanted = start - at + length;
    long had = source.drop(at, wanted);
    itemLength += had;
    if (had < wanted) {
      return truncated((length - Math.max(0, had - (start - at))) + " more bytes of the argument");
    }
    if (!source.require(at + 2)) {
      return truncatedArgument(at);
    }
    if (Raw.getShort(source.address() + at) != CRLF) {
      return unended(at);
    }
    lines++;
    source.drop(at, 2);
    itemLength += 2;
    argOffset[index] = -1;
    argLength[index] = (int) Math.min(length, Integer.MAX_VALUE);
    return at;
  }

  /** Reads digits and a line end into {@link #number}; returns where the line ends, or -1. */
  private int line(int from) throws IOException {
    if (source.available() < from + LINE) {
      // Near the end of the input there may be less, which the loop below finds out.
      source.require(from + LINE);
    }
    long start = source.address();
    long at = start + from;
    long limit = start + source.available();
    long value = 0;
    long digits = at;
    while (at < limit) {
      int digit = Raw.getByte(at) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
      at++;
      if (at - digits > MAX_DIGITS) {
        corrupt((int) (at - 1 - start), "a line end after the length");
        return -1;
      }
    }
    if (at < limit && (at == digits || Raw.getByte(at) != '\r')) {
      corrupt((int) (at - start), at == digits ? "a digit" : "a digit or a line end");
      return -1;
    }
    if (at + 1 < limit && Raw.getByte(at + 1) != '\n') {
      corrupt((int) (at + 1 - start), "a line end");
      return -1;
    }
    if (at + 1 >= limit) {
      return truncated("a length and a line end");
    }
    lines++;
    number = value;
    return (int) (at + 2 - start);
  }

  /** Follows MULTI and EXEC; false when they do not belong together, with the problem set. */
  private boolean transaction() {
    if (argKept(0)) {
      long name = argAddress(0);
      int length = argLength[0];
      if (length == 5 && Raw.equalsIgnoreCase(name, length, "MULTI")) {
        if (inMulti) {
          return nested("EXEC before the next MULTI", "MULTI");
        }
        inMulti = true;
        return true;
      }
      if (length == 4 && Raw.equalsIgnoreCase(name, length, "EXEC")) {
        if (!inMulti) {
          return nested("MULTI before EXEC", "EXEC");
        }
        inMulti = false;
      }
    }
    good();
    return true;
  }

  private boolean nested(String expected, String found) {
    problem = new Problem(false, itemOffset, expected, found);
    ended = Item.CORRUPT;
    return false;
  }

  private void good() {
    if (!inMulti) {
      lastGood = endOffset();
    }
  }

  private Item annotation() throws IOException {
    int at = 1;
    while (true) {
      long start = source.address();
      int limit = Math.min(source.available(), MAX_ANNOTATION);
      while (at < limit && Raw.getByte(start + at) != '\n') {
        at++;
      }
      if (at < limit) {
        break;
      }
      if (at >= MAX_ANNOTATION || !source.fill()) {
        return endlessAnnotation(at);
      }
    }
    if (Raw.getByte(source.address() + at - 1) != '\r') {
      return corrupt(at, "'\\r' before '\\n'");
    }
    argCount = 1;
    argOffset[0] = 1;
    argLength[0] = at - 2;
    itemWindow = at + 1;
    itemLength = at + 1;
    good();
    return Item.ANNOTATION;
  }

  /** No line end up to the end of the input, or for too long: {@code length} bytes. */
  private Item endlessAnnotation(int length) throws IOException {
    int text = length;
    while (text > 1 && Raw.getByte(source.address() + text - 1) == 0) {
      text--;
    }
    if (text < length) {
      return corrupt(text, "the annotation's line end");
    }
    if (length >= MAX_ANNOTATION) {
      return corrupt(0, "an annotation of at most " + MAX_ANNOTATION + " bytes");
    }
    truncated("the annotation's line end");
    return ended;
  }

  /** How many zero bytes there are up to the end; -1 when others come before it. */
  private long zerosToTheEnd() throws IOException {
    long zeros = 0;
    while (source.available() > 0 || source.fill()) {
      long start = source.address();
      int available = source.available();
      int i = 0;
      while (i < available && Raw.getByte(start + i) == 0) {
        i++;
      }
      if (i < available) {
        return -1;
      }
      zeros += i;
      source.advance(i);
    }
    return zeros;
  }

  private Item end() {
    if (inMulti) {
      problem = new Problem(false, itemOffset, "EXEC", "the end of the file");
      ended = Item.TRUNCATED;
    } else {
      ended = Item.END;
    }
    return ended;
  }

  private Item corrupt(int at, String expected) throws IOException {
    int found = Raw.unsigned(source.address() + at);
    long offset = itemOffset + itemLength + at;
    source.advance(at);
    long zeros = found == 0 ? zerosToTheEnd() : -1;
    problem =
        zeros < 0
            ? new Problem(false, offset, expected, Problem.name(found))
            : new Problem(true, offset, expected, zeros + " zero bytes up to the end");
    ended = Item.CORRUPT;
    return ended;
  }

  private int truncatedArgument(int end) {
    return truncated((end + 2L - source.available()) + " more bytes of the argument");
  }

  private int truncated(String expected) {
    long endOfInput = itemOffset + itemLength + source.available();
    problem = new Problem(false, endOfInput, expected, "the end of the file");
    ended = Item.TRUNCATED;
    return -1;
  }
}
