package dev.holdfast.formats.aof;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits a line into words as stock servers do: blanks separate; {@code "…"} knows the escapes
 * {@code \n \r \t \b \a \xHH} and a backslash before any other byte; {@code '…'} knows only {@code
 * \'}; a closing quote must be followed by a blank or the end.
 */
final class ManifestTokens {
  private final byte[] bytes;
  private final int end;
  private int at;

  ManifestTokens(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** The words, or empty when a quote is not closed properly. */
  Optional<List<String>> split() {
    var words = new ArrayList<String>();
    while (true) {
      while (at < end && isBlank(bytes[at])) {
        at++;
      }
      if (at == end) {
        return Optional.of(words);
      }
      var word = new ByteArrayOutputStream();
      if (!word(word)) {
        return Optional.empty();
      }
      words.add(word.toString(StandardCharsets.UTF_8));
    }
  }

  private boolean word(ByteArrayOutputStream word) {
    while (at < end && !isBlank(bytes[at])) {
      byte b = bytes[at++];
      switch (b) {
        case '"' -> {
          return doubleQuoted(word) && endsHere();
        }
        case '\'' -> {
          return singleQuoted(word) && endsHere();
        }
        default -> word.write(b);
      }
    }
    return true;
  }

  private boolean doubleQuoted(ByteArrayOutputStream word) {
    while (at < end) {
      byte b = bytes[at++];
      if (b == '"') {
        return true;
      }
      if (b == '\\' && at < end) {
        word.write(escaped());
      } else {
        word.write(b);
      }
    }
    return false;
  }

  private int escaped() {
    byte b = bytes[at++];
    if (b == 'x' && at + 1 < end) {
      int high = Character.digit(bytes[at], 16);
      int low = Character.digit(bytes[at + 1], 16);
      if (high >= 0 && low >= 0) {
        at += 2;
        return high << 4 | low;
      }
    }
    return switch (b) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> b;
    };
  }

  private boolean singleQuoted(ByteArrayOutputStream word) {
    while (at < end) {
      byte b = bytes[at++];
      if (b == '\'') {
        return true;
      }
      if (b == '\\' && at < end && bytes[at] == '\'') {
        word.write(bytes[at++]);
      } else {
        word.write(b);
      }
    }
    return false;
  }

  private boolean endsHere() {
    return at == end || isBlank(bytes[at]);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b >= '\t' && b <= '\r' || b == 0;
  }
}
