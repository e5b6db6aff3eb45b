package dev.holdfast.formats.check;

import dev.holdfast.formats.offheap.FileWindow;
import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;

/**
 * Finds good commands again behind damage.
 *
 * <p>Each {@code *} is tried as the start of a command. It is taken for one when two complete
 * commands or annotations follow each other there, or one that the end of the file follows, whole
 * or cut. So a lone star in a value does not count, and neither does one command inside a value
 * that was cut.
 *
 * <p>The work is bounded by the bytes to look at, whatever the bytes are: each line that is looked
 * at in vain is counted, and the search gives up when there were too many.
 */
public final class Resynchronizer {
  private static final int MAX_NAME = 64;
  private static final int MAX_DIGITS = 13;
  private static final int MAX_ANNOTATION = 1023;
  private static final long SPARE_LINES = 1_000_000;

  /** What it costs to look at another place of the file, in lines. */
  private static final long LINES_PER_LOAD = 4096;

  /** Not a complete item. */
  private static final long BAD = -1;

  /** The file ends inside of what could be an item. */
  private static final long CUT = -2;

  private final FileWindow scanning;
  private final FileWindow probing;
  private final long size;
  private long linesLeft;
  private long number;

  public Resynchronizer(RandomRead file) throws IOException {
    scanning = new FileWindow(file);
    probing = new FileWindow(file);
    size = file.size();
    linesLeft = SPARE_LINES + size;
  }

  /** Offset of the next good command from {@code from} on, or -1. */
  public long next(long from) throws IOException {
    for (long at = from; at < size && !isExhausted(); at++) {
      if (scanning.at(at) == '*' && isGoodRun(at)) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Whether the search was given up before the end of the file, so that nothing is known about the
   * rest.
   */
  boolean isExhausted() {
    return linesLeft <= probing.loads() * LINES_PER_LOAD;
  }

  private boolean isGoodRun(long start) throws IOException {
    long second = commandEnd(start);
    if (second < 0) {
      return false;
    }
    if (second == size) {
      return true;
    }
    long third = itemEnd(second);
    return third >= 0 || third == CUT;
  }

  private long itemEnd(long start) throws IOException {
    return probing.at(start) == '#' ? annotationEnd(start) : commandEnd(start);
  }

  private long annotationEnd(long start) throws IOException {
    for (long at = start; at < start + MAX_ANNOTATION; at++) {
      int b = probing.at(at);
      if (b < 0) {
        return CUT;
      }
      if (b == '\n') {
        return probing.at(at - 1) == '\r' ? at + 1 : BAD;
      }
    }
    return BAD;
  }

  private long commandEnd(long start) throws IOException {
    long at = lineEnd(start, '*');
    if (at < 0 || number < 1) {
      return at == CUT ? CUT : BAD;
    }
    long arguments = number;
    for (long i = 0; i < arguments; i++) {
      at = lineEnd(at, '$');
      if (at < 0) {
        return at;
      }
      long end = at + number;
      if (i == 0 && !isName(at, end)) {
        return BAD;
      }
      if (end + 2 > size) {
        return CUT;
      }
      if (probing.at(end) != '\r' || probing.at(end + 1) != '\n') {
        return BAD;
      }
      at = end + 2;
    }
    return at;
  }

  /** Command names are words; anything else is chance. */
  private boolean isName(long start, long end) throws IOException {
    if (end == start || end - start > MAX_NAME) {
      return false;
    }
    for (long at = start; at < end; at++) {
      int b = probing.at(at);
      if (b >= 0 && !Character.isLetterOrDigit(b) && "._-|".indexOf(b) < 0) {
        return false;
      }
    }
    return true;
  }

  private long lineEnd(long start, char prefix) throws IOException {
    linesLeft--;
    int b = probing.at(start);
    if (b != prefix) {
      return b < 0 ? CUT : BAD;
    }
    long value = 0;
    long at = start + 1;
    while (true) {
      b = probing.at(at);
      if (b < '0' || b > '9') {
        break;
      }
      value = value * 10 + b - '0';
      if (++at - start > MAX_DIGITS) {
        return BAD;
      }
    }
    if (b < 0 || b == '\r' && probing.at(at + 1) < 0) {
      return CUT;
    }
    if (at == start + 1 || b != '\r' || probing.at(at + 1) != '\n') {
      return BAD;
    }
    number = value;
    return at + 2;
  }
}
