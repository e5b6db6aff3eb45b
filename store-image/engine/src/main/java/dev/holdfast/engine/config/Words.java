package dev.holdfast.engine.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words as configuration files and inline commands are: separated by blanks, in
 * double quotes with the escapes {@code \n \r \t \b \a \xHH}, or in single quotes with {@code \'}.
 * Words are bytes; here one character stands for one byte.
 */
public final class Words {
  private final String line;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /**
   * The words of a line.
   *
   * @return the words, or null when quotes are not balanced
   */
  public static List<String> split(String line) {
    var words =
        new Words(new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    var out = new ArrayList<String>();
    while (words.skipBlanks()) {
      String word = words.next();
      if (word == null) {
        return null;
      }
      out.add(new String(word.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }
    return out;
  }

  private boolean skipBlanks() {
    while (at < line.length() && blank(line.charAt(at))) {
      at++;
    }
    return at < line.length();
  }

  private String next() {
    var word = new StringBuilder();
    while (at < line.length() && !blank(line.charAt(at))) {
      char c = line.charAt(at++);
      if (c == '"' || c == '\'') {
        if (!quoted(c, word) || (at < line.length() && !blank(line.charAt(at)))) {
          return null;
        }
        return word.toString();
      }
      word.append(c);
    }
    return word.toString();
  }

  private boolean quoted(char quote, StringBuilder word) {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote) {
        return true;
      }
      if (c != '\\' || at == line.length()) {
        word.append(c);
      } else if (quote == '"') {
        word.append(escape());
      } else if (line.charAt(at) == '\'') {
        word.append('\'');
        at++;
      } else {
        word.append(c);
      }
    }
    return false;
  }

  private char escape() {
    char c = line.charAt(at++);
    if (c == 'x'
        && at + 1 < line.length()
        && hex(line.charAt(at)) >= 0
        && hex(line.charAt(at + 1)) >= 0) {
      char value = (char) (hex(line.charAt(at)) * 16 + hex(line.charAt(at + 1)));
      at += 2;
      return value;
    }
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> c;
    };
  }

  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private static boolean blank(char c) {
    return c == ' ' || (c >= 9 && c <= 13) || c == 0;
  }

  /** A word as a configuration file has to spell it, always in double quotes. */
  public static String quote(String word) {
    var out = new StringBuilder("\"");
    for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      switch (c) {
        case '\\', '"' -> out.append('\\').append((char) c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case 7 -> out.append("\\a");
        default -> {
          if (c >= 32 && c < 127) {
            out.append((char) c);
          } else {
            out.append("\\x")
                .append(Character.forDigit(c >> 4, 16))
                .append(Character.forDigit(c & 15, 16));
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
