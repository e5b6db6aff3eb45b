package dev.holdfast.formats.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON object; complaints name the position. */
final class JsonParser {
  private static final int MAX_DEPTH = 32;

  private final String json;
  private int at;
  private int depth;

  JsonParser(String json) {
    this.json = json;
  }

  Map<String, Object> object() {
    blanks();
    var object = members();
    blanks();
    if (at < json.length()) {
      throw fault("the end");
    }
    return object;
  }

  private Object value() {
    blanks();
    return switch (peek()) {
      case '{' -> members();
      case '[' -> elements();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> members() {
    enter('{');
    var object = new LinkedHashMap<String, Object>();
    blanks();
    if (!taken('}')) {
      do {
        blanks();
        var name = string();
        blanks();
        take(':');
        object.put(name, value());
        blanks();
      } while (taken(','));
      take('}');
    }
    depth--;
    return object;
  }

  private List<Object> elements() {
    enter('[');
    var list = new ArrayList<>();
    blanks();
    if (!taken(']')) {
      do {
        list.add(value());
        blanks();
      } while (taken(','));
      take(']');
    }
    depth--;
    return list;
  }

  private void enter(char open) {
    take(open);
    if (++depth > MAX_DEPTH) {
      throw fault("at most " + MAX_DEPTH + " levels");
    }
  }

  private String string() {
    take('"');
    var text = new StringBuilder();
    while (true) {
      char c = peek();
      at++;
      if (c == '"') {
        return text.toString();
      }
      text.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        if (at + 4 > json.length() || !json.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
          throw fault("four hex digits");
        }
        at += 4;
        yield (char) Integer.parseInt(json.substring(at - 4, at), 16);
      }
      default -> throw fault("an escape");
    };
  }

  private Long number() {
    int start = at;
    taken('-');
    while (at < json.length() && Character.digit(json.charAt(at), 10) >= 0) {
      at++;
    }
    try {
      return Long.valueOf(json.substring(start, at));
    } catch (NumberFormatException e) {
      throw fault("a whole number");
    }
  }

  private Object word(String word, Object value) {
    if (!json.startsWith(word, at)) {
      throw fault(word);
    }
    at += word.length();
    return value;
  }

  private void blanks() {
    while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= json.length()) {
      throw fault("more");
    }
    return json.charAt(at);
  }

  private boolean taken(char c) {
    if (at < json.length() && json.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void take(char c) {
    if (!taken(c)) {
      throw fault("'" + c + "'");
    }
  }

  private IllegalArgumentException fault(String expected) {
    var found = at < json.length() ? "'" + json.charAt(at) + "'" : "the end";
    return new IllegalArgumentException(
        "not a report: expected %s at character %d, found %s".formatted(expected, at, found));
  }
}
