package dev.holdfast.engine.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All commands by name, without regard to case. A name is looked up from the bytes of a request
 * without making a string of it.
 */
public final class CommandTable {
  private static final int SLOTS = 1024;

  private final Map<String, Command> byName = new LinkedHashMap<>();
  private final Map<String, Command> subcommands = new LinkedHashMap<>();
  private final Command[] slots = new Command[SLOTS];
  private final NameBits[] slotNames = new NameBits[SLOTS];

  /** Adds a command with its subcommands. */
  public void add(Command command) {
    if (byName.put(command.name(), command) != null) {
      throw new IllegalStateException("two commands are named " + command.name());
    }
    for (Command sub : command.subcommands()) {
      subcommands.put(sub.name(), sub);
    }
    NameBits name = NameBits.of(command.name());
    int slot = name.slot(SLOTS);
    while (slots[slot] != null) {
      slot = (slot + 1) & (SLOTS - 1);
    }
    slots[slot] = command;
    slotNames[slot] = name;
  }

  /** The command whose name stands at the address, or null. */
  public Command find(long address, int length) {
    if (length > NameBits.LONGEST) {
      return null;
    }
    long low = NameBits.low(address, length);
    long high = NameBits.high(address, length);
    int slot = NameBits.slot(low, high, SLOTS);
    for (; slots[slot] != null; slot = (slot + 1) & (SLOTS - 1)) {
      NameBits name = slotNames[slot];
      if (name.low() == low && name.high() == high) {
        return slots[slot];
      }
    }
    return null;
  }

  /** The command or, with a bar in the name, the subcommand of that name, or null. */
  public Command find(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    return key.indexOf('|') < 0 ? byName.get(key) : subcommands.get(key);
  }

  /** All commands, containers but not their subcommands. */
  public Collection<Command> commands() {
    return byName.values();
  }

  /** All commands and all subcommands. */
  public List<Command> everything() {
    var all = new ArrayList<>(byName.values());
    all.addAll(subcommands.values());
    return all;
  }
}
