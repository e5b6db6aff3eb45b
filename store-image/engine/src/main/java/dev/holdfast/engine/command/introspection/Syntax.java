package dev.holdfast.engine.command.introspection;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the notation of the manual ({@code key value [NX|XX] [EX seconds|KEEPTTL] [key ...]}) into
 * the tree of arguments that {@code COMMAND DOCS} answers.
 */
final class Syntax {
  private static final Set<String> INTEGERS =
      Set.of(
          "seconds",
          "milliseconds",
          "count",
          "index",
          "start",
          "end",
          "offset",
          "increment",
          "decrement",
          "db",
          "destination-db",
          "timeout",
          "ttl",
          "frequency",
          "client-id",
          "numlocal",
          "numreplicas",
          "index1",
          "index2",
          "len",
          "cursor",
          "protover");
  private static final Set<String> KEYS =
      Set.of("key", "key1", "key2", "newkey", "source", "destination");

  private final String text;
  private int at;
  private boolean repeats;

  private Syntax(String text) {
    this.text = text;
  }

  /**
   * One argument.
   *
   * @param type {@code string}, {@code integer}, {@code key}, {@code pattern}, {@code unix-time},
   *     {@code pure-token}, {@code oneof} or {@code block}
   * @param token the word that stands before it, or is it; null for none
   * @param children of {@code oneof} and {@code block}
   */
  record Argument(
      String name,
      String type,
      String token,
      boolean optional,
      boolean multiple,
      List<Argument> children) {
    Argument asOptional() {
      return new Argument(name, type, token, true, multiple, children);
    }

    Argument asMultiple() {
      return new Argument(name, type, token, optional, true, children);
    }
  }

  static List<Argument> parse(String text) {
    return new Syntax(text).sequence();
  }

  /** Up to a bar, a closing bracket, or the end. */
  private List<Argument> sequence() {
    var out = new ArrayList<Argument>();
    while (at < text.length() && text.charAt(at) != ']' && text.charAt(at) != '|') {
      char c = text.charAt(at);
      if (c == ' ') {
        at++;
      } else if (c == '[') {
        at++;
        bracket(out);
        at++;
      } else {
        word(out);
      }
    }
    return out;
  }

  /**
   * What ends with three dots repeats the arguments before the bracket; anything else is optional.
   */
  private void bracket(List<Argument> before) {
    List<List<Argument>> alternatives = alternatives();
    if (repeats) {
      repeats = false;
      repeat(before, alternatives.getFirst().size());
    } else {
      before.add(group(alternatives).asOptional());
    }
  }

  private static void repeat(List<Argument> before, int words) {
    List<Argument> repeated = before.subList(before.size() - words, before.size());
    Argument one =
        words == 1
            ? repeated.getFirst()
            : new Argument("data", "block", null, false, true, List.copyOf(repeated));
    repeated.clear();
    before.add(one.asMultiple());
  }

  private List<List<Argument>> alternatives() {
    var all = new ArrayList<List<Argument>>();
    all.add(sequence());
    while (at < text.length() && text.charAt(at) == '|') {
      at++;
      all.add(sequence());
    }
    return all;
  }

  private static Argument group(List<List<Argument>> alternatives) {
    List<Argument> choices = alternatives.stream().map(Syntax::block).toList();
    return choices.size() == 1
        ? choices.getFirst()
        : new Argument("option", "oneof", null, false, false, choices);
  }

  private static Argument block(List<Argument> arguments) {
    return arguments.size() == 1
        ? arguments.getFirst()
        : new Argument(
            arguments.getFirst().name(), "block", null, false, false, List.copyOf(arguments));
  }

  private void word(List<Argument> out) {
    String word = next();
    if (word.equals("...")) {
      repeats = true;
    } else if (!isToken(word)) {
      out.add(plain(word, null));
    } else if (at < text.length() && text.charAt(at) == ' ' && startsValue(at + 1)) {
      at++;
      out.add(plain(next(), word));
    } else {
      out.add(
          new Argument(word.toLowerCase(Locale.ROOT), "pure-token", word, false, false, List.of()));
    }
  }

  private static Argument plain(String word, String token) {
    return new Argument(word, type(word), token, false, false, List.of());
  }

  private static String type(String word) {
    if (KEYS.contains(word)) {
      return "key";
    }
    if (INTEGERS.contains(word)) {
      return "integer";
    }
    return word.startsWith("unix-time")
        ? "unix-time"
        : word.equals("pattern") ? "pattern" : "string";
  }

  private boolean startsValue(int index) {
    return index < text.length() && Character.isLowerCase(text.charAt(index));
  }

  private String next() {
    int start = at;
    while (at < text.length() && " []|".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isToken(String word) {
    return word.equals(word.toUpperCase(Locale.ROOT))
        && !word.equals(word.toLowerCase(Locale.ROOT));
  }
}
