package dev.holdfast.engine.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One entry of the command table. Subcommands are entries of their own, named {@code config|get},
 * held by their container.
 *
 * <p>The definition never changes after it was built; {@link #stats()} does, on the command thread.
 */
public final class Command {
  private final String name;
  private final String upperShortName;
  private final int arity;
  private final Set<Flag> flags;
  private final Group group;
  private final Group accessGroup;
  private final String since;
  private final String summary;
  private final String complexity;
  private final String syntax;
  private final List<String> categories;
  private final List<String> tips;
  private final List<KeyRange> keys;
  private final List<Command> subcommands;
  private final Handler handler;
  private final int firstKey;
  private final CommandStats stats = new CommandStats();

  private Command(Builder b, Handler handler) {
    this.name = b.name;
    this.upperShortName = shortName().toUpperCase(Locale.ROOT);
    this.arity = b.arity;
    this.flags = b.flags;
    this.group = b.group;
    this.accessGroup = b.accessGroup;
    this.since = b.since;
    this.summary = b.summary;
    this.complexity = b.complexity;
    this.syntax = b.syntax;
    this.categories = List.copyOf(b.categories);
    this.tips = List.copyOf(b.tips);
    this.keys = List.copyOf(b.keys);
    this.subcommands = List.copyOf(b.subcommands);
    this.handler = handler;
    this.firstKey = keys.isEmpty() ? -1 : keys.getFirst().first();
  }

  /**
   * Begins an entry.
   *
   * @param arity number of arguments with the name; negative means at least that many
   * @param since the version of the field's server that has the command
   */
  public static Builder command(String name, int arity, Group group, String since, Flag... flags) {
    return new Builder(name, arity, group, since, flags);
  }

  public String name() {
    return name;
  }

  /** The name without its container: {@code get} for {@code config|get}. */
  public String shortName() {
    return name.substring(name.indexOf('|') + 1);
  }

  /** {@link #shortName} in upper case, to compare with a word of a request. */
  String upperShortName() {
    return upperShortName;
  }

  public int arity() {
    return arity;
  }

  /** Whether a call of {@code count} arguments, the name included, has the right number. */
  public boolean accepts(int count) {
    return arity > 0 ? count == arity : count >= -arity;
  }

  public Set<Flag> flags() {
    return Collections.unmodifiableSet(flags);
  }

  public boolean is(Flag flag) {
    return flags.contains(flag);
  }

  public Group group() {
    return group;
  }

  public String since() {
    return since;
  }

  public String summary() {
    return summary;
  }

  public String complexity() {
    return complexity;
  }

  /** The arguments in the notation of the manual: {@code key value [NX|XX] [GET]}. */
  public String syntax() {
    return syntax;
  }

  /** Access categories, without the at sign, in the field's order. */
  public List<String> categories() {
    return AccessCategories.of(this, accessGroup, categories);
  }

  public List<String> tips() {
    return tips;
  }

  public List<KeyRange> keys() {
    return keys;
  }

  /** Index of the first key, or -1 when the command has none. */
  public int firstKey() {
    return firstKey;
  }

  public List<Command> subcommands() {
    return subcommands;
  }

  /** The code, or null for a container whose subcommands have the code. */
  public Handler handler() {
    return handler;
  }

  public CommandStats stats() {
    return stats;
  }

  @Override
  public String toString() {
    return name;
  }

  /** Collects an entry of the table; {@link #runs} or {@link #contains} ends it. */
  public static final class Builder {
    private final String name;
    private final int arity;
    private final Group group;
    private final String since;
    private final EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
    private final List<String> categories = new ArrayList<>();
    private final List<String> tips = new ArrayList<>();
    private final List<KeyRange> keys = new ArrayList<>();
    private final List<Command> subcommands = new ArrayList<>();
    private Group accessGroup;
    private String summary = "";
    private String complexity = "O(1)";
    private String syntax = "";

    private Builder(String name, int arity, Group group, String since, Flag... flags) {
      this.name = name;
      this.arity = arity;
      this.group = group;
      this.accessGroup = group;
      this.since = since;
      this.flags.addAll(List.of(flags));
    }

    /** One key at index 1. */
    public Builder key(String... access) {
      return keys(1, 1, 1, access);
    }

    /** A range of keys; called again for a second range. */
    public Builder keys(int first, int last, int step, String... access) {
      keys.add(new KeyRange(first, last, step, List.of(access)));
      return this;
    }

    /** Access categories beyond those of group and flags. */
    public Builder category(String... words) {
      categories.addAll(List.of(words));
      return this;
    }

    /** The access category of another group than the one the command is documented under. */
    public Builder accessAs(Group other) {
      accessGroup = other;
      return this;
    }

    public Builder tips(String... words) {
      tips.addAll(List.of(words));
      return this;
    }

    public Builder complexity(String text) {
      complexity = text;
      return this;
    }

    /** The arguments and one sentence, both for people. */
    public Builder doc(String syntax, String summary) {
      this.syntax = syntax;
      this.summary = summary;
      return this;
    }

    /** Ends an entry that has code. */
    public Command runs(Handler handler) {
      return new Command(this, handler);
    }

    /** Ends an entry that only holds subcommands. */
    public Command contains(Command... subcommands) {
      return runsOrContains(null, subcommands);
    }

    /** Ends an entry that has code of its own when it is called without a subcommand. */
    public Command runsOrContains(Handler handler, Command... subcommands) {
      this.subcommands.addAll(List.of(subcommands));
      return new Command(this, handler);
    }
  }
}
