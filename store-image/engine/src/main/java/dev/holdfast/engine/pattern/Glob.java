package dev.holdfast.engine.pattern;

import java.nio.charset.StandardCharsets;

/**
 * The field's glob patterns: {@code *}, {@code ?}, {@code [abc]}, {@code [^a-c]} and backslash
 * escapes, on bytes.
 *
 * <p>A star is tried shortest first; when a later star cannot be satisfied by the rest of the text,
 * no earlier one can, so that a pattern with many stars still takes time proportional to pattern
 * times text.
 */
public final class Glob {
  private final byte[] pattern;
  private final boolean ignoreCase;

  private Glob(byte[] pattern, boolean ignoreCase) {
    this.pattern = pattern;
    this.ignoreCase = ignoreCase;
  }

  /** A pattern to match many texts with. */
  public static Glob of(byte[] pattern) {
    return new Glob(pattern, false);
  }

  /** Whether a text matches. */
  public static boolean matches(String pattern, String text, boolean ignoreCase) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Glob(pattern.getBytes(StandardCharsets.UTF_8), ignoreCase)
        .matches(bytes, bytes.length);
  }

  /** Whether this pattern matches everything, so that looking at the text is a waste. */
  public boolean matchesAll() {
    return pattern.length == 1 && pattern[0] == '*';
  }

  /** Whether the first {@code length} bytes match. */
  public boolean matches(byte[] text, int length) {
    int p = 0;
    int t = 0;
    int starPattern = -1;
    int starText = -1;
    while (true) {
      if (p < pattern.length && pattern[p] == '*') {
        starPattern = ++p;
        starText = t;
        continue;
      }
      if (t < length && p < pattern.length) {
        int end = matchOne(p, text[t] & 0xff);
        if (end > 0) {
          p = end;
          t++;
          continue;
        }
      } else if (t == length && p == pattern.length) {
        return true;
      }
      if (starPattern < 0 || starText >= length) {
        return false;
      }
      p = starPattern;
      t = ++starText;
    }
  }

  /**
   * Where the pattern goes on after one element at {@code p} took the byte, or 0 when it does not
   * take it.
   */
  private int matchOne(int p, int byteValue) {
    int c = pattern[p] & 0xff;
    return switch (c) {
      case '?' -> p + 1;
      case '[' -> matchClass(p + 1, byteValue);
      case '\\' ->
          p + 1 < pattern.length
              ? (same(pattern[p + 1] & 0xff, byteValue) ? p + 2 : 0)
              : (byteValue == '\\' ? p + 1 : 0);
      default -> same(c, byteValue) ? p + 1 : 0;
    };
  }

  /** A class that is not closed ends with the pattern, as stock reads it. */
  private int matchClass(int start, int byteValue) {
    int p = start;
    boolean not = p < pattern.length && pattern[p] == '^';
    if (not) {
      p++;
    }
    boolean found = false;
    while (p < pattern.length && pattern[p] != ']') {
      int from = pattern[p] & 0xff;
      if (from == '\\' && p + 1 < pattern.length) {
        found |= same(pattern[p + 1] & 0xff, byteValue);
        p += 2;
      } else if (p + 2 < pattern.length && pattern[p + 1] == '-') {
        found |= inRange(from, pattern[p + 2] & 0xff, byteValue);
        p += 3;
      } else {
        found |= same(from, byteValue);
        p++;
      }
    }
    int end = Math.min(p + 1, pattern.length);
    return found != not ? end : 0;
  }

  private boolean inRange(int a, int b, int byteValue) {
    int low = fold(Math.min(a, b));
    int high = fold(Math.max(a, b));
    int value = fold(byteValue);
    return value >= low && value <= high;
  }

  private boolean same(int a, int b) {
    return fold(a) == fold(b);
  }

  private int fold(int c) {
    return ignoreCase && c >= 'A' && c <= 'Z' ? c + 32 : c;
  }
}
