package dev.holdfast.formats.check;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The part of JSON that a report needs: objects, lists, texts, whole numbers, truth values and
 * null. Objects are maps, numbers {@link Long}.
 */
public final class JsonText {
  private JsonText() {}

  /** The text of an object, indented, with a line feed at its end. */
  public static String write(Map<String, Object> object) {
    var text = new StringBuilder();
    value(text, object, "");
    return text.append('\n').toString();
  }

  static Map<String, Object> parseObject(String json) {
    return new JsonParser(json).object();
  }

  private static void value(StringBuilder text, Object value, String indent) {
    switch (value) {
      case null -> text.append("null");
      case Map<?, ?> map -> object(text, map, indent);
      case List<?> list -> list(text, list, indent);
      case String string -> string(text, string);
      default -> text.append(value);
    }
  }

  private static void object(StringBuilder text, Map<?, ?> map, String indent) {
    var inner = indent + "  ";
    text.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
      var entry = i.next();
      text.append('\n').append(inner);
      string(text, (String) entry.getKey());
      text.append(": ");
      value(text, entry.getValue(), inner);
      text.append(i.hasNext() ? "," : "\n" + indent);
    }
    text.append('}');
  }

  private static void list(StringBuilder text, List<?> list, String indent) {
    var inner = indent + "  ";
    text.append('[');
    for (var i = list.iterator(); i.hasNext(); ) {
      text.append('\n').append(inner);
      value(text, i.next(), inner);
      text.append(i.hasNext() ? "," : "\n" + indent);
    }
    text.append(']');
  }

  private static void string(StringBuilder text, String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            text.append("\\u%04x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
