package dev.holdfast.engine.command.strings;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code LCS}: the longest common subsequence by the classic table, which takes 4 bytes per pair of
 * characters. Ties go the way the field's servers go: back along the first string only when its
 * side is longer.
 */
final class Lcs {
  private static final long MOST_CELLS = Integer.MAX_VALUE - 8;

  private Lcs() {}

  private record Match(int aFrom, int aTo, int bFrom, int bTo) {
    int length() {
      return aTo - aFrom + 1;
    }
  }

  static void lcs(Call call) {
    boolean length = false;
    boolean index = false;
    boolean withLength = false;
    long shortest = 0;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "IDX")) {
        index = true;
      } else if (call.is(i, "LEN")) {
        length = true;
      } else if (call.is(i, "WITHMATCHLEN")) {
        withLength = true;
      } else if (call.is(i, "MINMATCHLEN") && i + 1 < call.count()) {
        shortest = Math.max(0, call.integer(++i));
      } else {
        throw Fault.syntax();
      }
    }
    if (index && length) {
      throw new Fault("ERR If you want both the length and indexes, please just use IDX.");
    }
    byte[] a = value(call, 1);
    byte[] b = value(call, 2);
    if ((a.length + 1L) * (b.length + 1L) > MOST_CELLS) {
      throw new Fault("ERR String too long for LCS");
    }
    int[] table = table(a, b);
    int found = table[table.length - 1];
    if (length) {
      call.reply().integer(found);
    } else if (index) {
      replyIndex(call, matches(a, b, table), shortest, withLength, found);
    } else {
      call.reply().bulk(text(a, b, table, found));
    }
  }

  private static byte[] value(Call call, int arg) {
    long record = call.read(arg);
    if (record != 0 && Record.type(record) != Record.STRING) {
      throw new Fault("ERR The specified keys must contain string values");
    }
    return record == 0
        ? new byte[0]
        : Memory.bytes(Record.valueAddress(record), Record.valueLength(record));
  }

  private static int[] table(byte[] a, byte[] b) {
    int width = b.length + 1;
    int[] table = new int[(a.length + 1) * width];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        int at = i * width + j;
        table[at] =
            a[i - 1] == b[j - 1]
                ? table[at - width - 1] + 1
                : Math.max(table[at - width], table[at - 1]);
      }
    }
    return table;
  }

  private static byte[] text(byte[] a, byte[] b, int[] table, int length) {
    byte[] text = new byte[length];
    int width = b.length + 1;
    int at = length;
    for (int i = a.length, j = b.length; i > 0 && j > 0; ) {
      if (a[i - 1] == b[j - 1]) {
        text[--at] = a[i - 1];
        i--;
        j--;
      } else if (table[(i - 1) * width + j] > table[i * width + j - 1]) {
        i--;
      } else {
        j--;
      }
    }
    return text;
  }

  /** The runs of equal characters, from the end of the strings to their beginning. */
  private static List<Match> matches(byte[] a, byte[] b, int[] table) {
    var matches = new ArrayList<Match>();
    int width = b.length + 1;
    Match run = null;
    for (int i = a.length, j = b.length; i > 0 && j > 0; ) {
      if (a[i - 1] == b[j - 1]) {
        i--;
        j--;
        if (run != null && run.aFrom == i + 1 && run.bFrom == j + 1) {
          run = new Match(i, run.aTo, j, run.bTo);
          continue;
        }
        if (run != null) {
          matches.add(run);
        }
        run = new Match(i, i, j, j);
      } else if (table[(i - 1) * width + j] > table[i * width + j - 1]) {
        i--;
      } else {
        j--;
      }
    }
    if (run != null) {
      matches.add(run);
    }
    return matches;
  }

  private static void replyIndex(
      Call call, List<Match> all, long shortest, boolean withLength, int found) {
    List<Match> matches = all.stream().filter(m -> m.length() >= shortest).toList();
    call.reply().map(2);
    call.reply().bulk("matches");
    call.reply().array(matches.size());
    for (Match match : matches) {
      call.reply().array(withLength ? 3 : 2);
      range(call, match.aFrom, match.aTo);
      range(call, match.bFrom, match.bTo);
      if (withLength) {
        call.reply().integer(match.length());
      }
    }
    call.reply().bulk("len");
    call.reply().integer(found);
  }

  private static void range(Call call, int from, int to) {
    call.reply().array(2);
    call.reply().integer(from);
    call.reply().integer(to);
  }
}
