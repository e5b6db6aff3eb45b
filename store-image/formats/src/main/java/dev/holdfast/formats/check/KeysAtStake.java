package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.RandomRead;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How many different keys the commands behind damage are about.
 *
 * @param count of distinct keys, by a hash of 64 bits
 * @param atLeast whether counting ended at a cap, so that there may be more: memory is constant
 */
public record KeysAtStake(long count, boolean atLeast) {
  /** Where counting ends: 16 MiB of memory at most. */
  static final int CAP = 1_000_000;

  private static final int WINDOW = 256 * 1024;
  private static final int LONGEST_NAME = 12;
  private static final Set<String> WITHOUT_KEY =
      Set.of(
          "SELECT",
          "MULTI",
          "EXEC",
          "FLUSHALL",
          "FLUSHDB",
          "SWAPDB",
          "FUNCTION",
          "SCRIPT",
          "PUBLISH",
          "SPUBLISH",
          "EVAL",
          "EVALSHA",
          "FCALL");
  private static final Set<String> ALL_KEYS = Set.of("DEL", "UNLINK");
  private static final Set<String> EVERY_OTHER = Set.of("MSET", "MSETNX");

  /**
   * Reads the files once more from the damage on.
   *
   * @return empty when the check knows no place from which commands are at stake
   */
  public static Optional<KeysAtStake> of(AofCheck check) throws IOException {
    return of(check, CAP);
  }

  static Optional<KeysAtStake> of(AofCheck check, int cap) throws IOException {
    if (check.verdict().isGood() || check.offset().isEmpty()) {
      return Optional.empty();
    }
    var keys = new HashSample(cap);
    boolean behind = false;
    for (var file : check.files()) {
      boolean damaged = !behind && check.file().orElse("").endsWith(file.name());
      boolean commands = damaged || file.format() == BaseFormat.AOF;
      if ((behind || damaged) && commands) {
        try (var channel = FileChannel.open(file.path())) {
          count(channel, damaged ? check.offset().getAsLong() : 0, keys);
        }
      }
      behind |= damaged;
    }
    return Optional.of(new KeysAtStake(keys.size(), keys.isFull()));
  }

  private static void count(FileChannel channel, long from, HashSample keys) throws IOException {
    var file = RandomRead.of(channel);
    var search = new Resynchronizer(file);
    long at = from;
    while (!keys.isFull() && (at = search.next(at)) >= 0) {
      try (var source = new ByteSource(file.from(at), at, WINDOW)) {
        var reader = new AofReader(source, AofLimits.CHECK);
        Item item;
        while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
          if (item == Item.COMMAND) {
            add(reader, keys);
          }
        }
        if (item == Item.END || reader.problem().zeros()) {
          return;
        }
        at = reader.offset() + 1;
      }
    }
  }

  private static void add(AofReader command, HashSample keys) {
    var name = name(command);
    if (WITHOUT_KEY.contains(name)) {
      return;
    }
    int step = EVERY_OTHER.contains(name) ? 2 : 1;
    int end = step == 2 || ALL_KEYS.contains(name) ? command.argCount() : 2;
    for (int i = 1; i < Math.min(end, command.argCount()); i += step) {
      if (command.argKept(i)) {
        keys.add(command.argAddress(i), command.argLength(i));
      }
    }
  }

  private static String name(AofReader command) {
    int length = command.argLength(0);
    return length > LONGEST_NAME || !command.argKept(0)
        ? ""
        : new String(Raw.bytes(command.argAddress(0), length), StandardCharsets.ISO_8859_1)
            .toUpperCase(Locale.ROOT);
  }
}
