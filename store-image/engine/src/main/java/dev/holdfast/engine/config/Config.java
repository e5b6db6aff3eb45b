package dev.holdfast.engine.config;

import dev.holdfast.engine.config.Directive.Change;
import dev.holdfast.engine.config.Directive.Effect;
import dev.holdfast.engine.pattern.Glob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration in force. Filled before the start by {@link ConfigFile} and the command line,
 * then owned by the command thread: {@code CONFIG SET} changes many directives at once or none.
 *
 * <p>Parts of the server that need a value on a hot path register with {@link #onChange} and keep a
 * copy.
 */
public final class Config {
  private final Map<String, Directive> directives = Directives.all();
  private final Map<String, Directive> byAnyName = new HashMap<>();
  private final Map<String, List<Hook>> hooks = new HashMap<>();
  private final Set<String> accumulated = new TreeSet<>();

  /** Puts a new value to work; a refusal takes the whole {@code CONFIG SET} back. */
  @FunctionalInterface
  public interface Hook {
    void apply(String value) throws Refused;
  }

  /**
   * A directive's new value as given.
   *
   * @param name as written, possibly an older name
   * @param value the words after it in one string
   */
  public record Setting(String name, String value) {}

  public Config() {
    for (Directive directive : directives.values()) {
      byAnyName.put(directive.name(), directive);
      if (directive.alias() != null) {
        byAnyName.put(directive.alias(), directive);
      }
    }
  }

  /** The value of a directive as {@code CONFIG GET} answers it. */
  public String text(String name) {
    return known(name).value();
  }

  /** The value of a number or a size in bytes; sizes beyond 2^63 are negative. */
  public long number(String name) {
    return Long.parseUnsignedLong(signless(text(name))) * (text(name).startsWith("-") ? -1 : 1);
  }

  /** The value of a yes/no directive. */
  public boolean yes(String name) {
    return text(name).equals("yes");
  }

  /** The words of a value; none when it is empty. */
  public List<String> words(String name) {
    String value = text(name);
    return value.isEmpty() ? List.of() : List.of(value.split(" "));
  }

  /** Calls the hook with each new value that {@code CONFIG SET} brings. */
  public void onChange(String name, Hook hook) {
    hooks.computeIfAbsent(known(name).name(), n -> new ArrayList<>()).add(hook);
  }

  /** As {@link #onChange}, and once now with the value in force. */
  public void applyAndFollow(String name, Hook hook) {
    onChange(name, hook);
    try {
      hook.apply(text(name));
    } catch (Refused e) {
      throw new IllegalStateException(name + " " + text(name) + ": " + e.getMessage(), e);
    }
  }

  /** All directives, by name. */
  public Collection<Directive> directives() {
    return Collections.unmodifiableCollection(directives.values());
  }

  /** The names of directives that have another value than the default, and that nothing reads. */
  public List<String> withoutEffect() {
    return directives.values().stream()
        .filter(each -> each.effect() == Effect.NONE && !each.isDefault())
        .map(Directive::name)
        .toList();
  }

  /**
   * Takes one line of a file or of the command line.
   *
   * @throws Refused with the words that stock prints
   */
  public void load(String name, List<String> words) throws Refused {
    Directive directive = byAnyName.get(name.toLowerCase(Locale.ROOT));
    if (directive == null) {
      throw new Refused("Bad directive or wrong number of arguments");
    }
    String value = directive.normalise(separate(directive, words), directive.value());
    if (directive.name().equals("save")
        && !accumulated.add("save")
        && !value.isEmpty()
        && !directive.value().isEmpty()) {
      value = directive.value() + " " + value;
    }
    directive.value(value);
  }

  /** Whether a word of the command line or of a file names a directive. */
  public boolean knows(String name) {
    return byAnyName.containsKey(name.toLowerCase(Locale.ROOT));
  }

  /** Every name that matches, older names included, with its value. */
  public Map<String, String> matching(List<String> patterns) {
    var found = new LinkedHashMap<String, String>();
    for (String pattern : patterns) {
      Directive exact = byAnyName.get(pattern.toLowerCase(Locale.ROOT));
      if (exact != null) {
        found.putIfAbsent(
            found.containsKey(pattern.toLowerCase(Locale.ROOT))
                ? pattern.toLowerCase(Locale.ROOT)
                : pattern,
            exact.value());
        continue;
      }
      for (var entry : new TreeSet<>(byAnyName.keySet())) {
        if (Glob.matches(pattern, entry, true)) {
          found.putIfAbsent(entry, byAnyName.get(entry).value());
        }
      }
    }
    return found;
  }

  /**
   * {@code CONFIG SET}: all of it or nothing.
   *
   * @param guardedAllowed whether this client may change protected directives
   * @return null, or the error for the client
   */
  public String set(List<Setting> settings, boolean guardedAllowed) {
    var wanted = new LinkedHashMap<Directive, String>();
    for (Setting setting : settings) {
      if (!knows(setting.name())) {
        return "ERR Unknown option or number of arguments for CONFIG SET - '"
            + setting.name()
            + "'";
      }
    }
    for (Setting setting : settings) {
      Directive directive = byAnyName.get(setting.name().toLowerCase(Locale.ROOT));
      String refusal = refusal(directive, wanted, guardedAllowed);
      if (refusal != null) {
        return failed(setting.name(), refusal);
      }
      wanted.put(directive, setting.value());
    }
    var before = new LinkedHashMap<Directive, String>();
    var applied = new LinkedHashMap<Directive, String>();
    Directive at = null;
    try {
      for (var entry : wanted.entrySet()) {
        at = entry.getKey();
        String value = at.normalise(split(at, entry.getValue()), at.value());
        before.put(at, at.value());
        at.value(value);
      }
      for (Directive directive : before.keySet()) {
        at = directive;
        apply(directive, before.get(directive));
        applied.put(directive, directive.value());
      }
      return null;
    } catch (Refused e) {
      restore(before, applied);
      return failed(at.name(), e.getMessage());
    }
  }

  /** The text of a configuration file brought up to date with the values in force. */
  public String rewritten(String text) {
    return ConfigRewrite.rewrite(text, this);
  }

  private static String refusal(
      Directive directive, Map<Directive, String> wanted, boolean guardedAllowed) {
    if (directive.change() == Change.NEVER) {
      return "can't set immutable config";
    }
    if (directive.change() == Change.PROTECTED && !guardedAllowed) {
      return "can't set protected config";
    }
    return wanted.containsKey(directive) ? "duplicate parameter" : null;
  }

  private void apply(Directive directive, String old) throws Refused {
    if (!directive.value().equals(old)) {
      for (Hook hook : hooks.getOrDefault(directive.name(), List.of())) {
        hook.apply(directive.value());
      }
    }
  }

  private void restore(Map<Directive, String> before, Map<Directive, String> applied) {
    before.forEach(Directive::value);
    for (var entry : applied.entrySet()) {
      Directive directive = entry.getKey();
      try {
        apply(directive, entry.getValue());
      } catch (Refused e) {
        throw new IllegalStateException(
            "the old value of " + directive.name() + " is refused now: " + e.getMessage(), e);
      }
    }
  }

  private static String failed(String name, String why) {
    return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why;
  }

  /** All words of a list may be given as one, in quotes; an empty one is a word of its own. */
  private static List<String> separate(Directive directive, List<String> words) {
    if (!directive.manyWords() || words.size() != 1 || words.getFirst().isEmpty()) {
      return words;
    }
    List<String> separated = Words.split(words.getFirst());
    return separated == null ? words : separated;
  }

  private static List<String> split(Directive directive, String value) {
    return directive.manyWords() ? Arrays.asList(value.split(" ", -1)) : List.of(value);
  }

  private Directive known(String name) {
    Directive directive = byAnyName.get(name);
    if (directive == null) {
      throw new IllegalArgumentException("no directive named " + name);
    }
    return directive;
  }

  private static String signless(String value) {
    return value.startsWith("-") ? value.substring(1) : value;
  }
}
