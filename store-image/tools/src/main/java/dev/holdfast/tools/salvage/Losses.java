package dev.holdfast.tools.salvage;

import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.offheap.Raw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a salvage could not take along, and what of the rest is in doubt because of it. */
final class Losses {
  private static final int MOST_KINDS = 200;
  private static final int MOST_SKIPPED = 10_000;
  private static final int LONGEST_KEY = 64;

  /**
   * @param to offset behind the last byte that was left out
   */
  record Skipped(String file, long from, long to, String reason) {}

  /** The commands of one name that build on what they cannot find. */
  record Doubtful(String name, long count, String file, long offset, String key) {}

  private final List<Skipped> skipped = new ArrayList<>();
  private final Map<String, Doubtful> doubtful = new TreeMap<>();
  private long skippedRanges;
  private long skippedBytes;
  private long withoutSelect;

  void skip(String file, long from, long to, String reason) {
    skippedRanges++;
    skippedBytes += to - from;
    if (skipped.size() < MOST_SKIPPED) {
      skipped.add(new Skipped(file, from, to, reason));
    }
  }

  /** Whether anything came before that is not there any more. */
  boolean isAny() {
    return skippedRanges > 0;
  }

  /** A command behind a gap. */
  void behindGap(AofReader command, String file, boolean selectKnown) {
    if (!selectKnown) {
      withoutSelect++;
    }
    if (!GapSafety.isSafe(command)) {
      var name = text(command, 0);
      var known = doubtful.get(name);
      if (known != null) {
        doubtful.put(
            name, new Doubtful(name, known.count() + 1, known.file(), known.offset(), known.key()));
      } else if (doubtful.size() < MOST_KINDS) {
        var key = command.argCount() > 1 ? text(command, 1) : "";
        doubtful.put(name, new Doubtful(name, 1, file, command.offset(), key));
      }
    }
  }

  /** The first ones; {@link #skippedRanges} counts all. */
  List<Skipped> skipped() {
    return List.copyOf(skipped);
  }

  long skippedRanges() {
    return skippedRanges;
  }

  long skippedBytes() {
    return skippedBytes;
  }

  /** By name. */
  List<Doubtful> doubtful() {
    return List.copyOf(doubtful.values());
  }

  /** Commands behind a gap that had no SELECT since, so that their database is a guess. */
  long withoutSelect() {
    return withoutSelect;
  }

  private static String text(AofReader command, int index) {
    if (!command.argKept(index)) {
      return "(large)";
    }
    int shown = Math.min(command.argLength(index), LONGEST_KEY);
    var text =
        new String(Raw.bytes(command.argAddress(index), shown), StandardCharsets.ISO_8859_1)
            .replaceAll("[^\\x20-\\x7e]", "?");
    return index == 0 ? text.toUpperCase(java.util.Locale.ROOT) : text;
  }
}
