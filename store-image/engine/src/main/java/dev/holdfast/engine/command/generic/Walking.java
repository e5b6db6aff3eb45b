package dev.holdfast.engine.command.generic;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.keyspace.Database;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.pattern.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Commands that answer names without having been given them. */
final class Walking {
  private static final int MOST_TRIES = 100;

  private Walking() {}

  static void keys(Call call) {
    call.dependsOnDatabase(call.database().id());
    Names names = new Names(call, Glob.of(call.bytes(1)), null);
    long mark = call.reply().deferArray();
    int[] count = new int[1];
    long cursor = 0;
    do {
      cursor =
          call.database()
              .scan(
                  cursor,
                  Integer.MAX_VALUE,
                  (db, record) -> {
                    if (names.wants(record)) {
                      call.reply().bulk(Record.keyAddress(record), Record.keyLength(record));
                      count[0]++;
                    }
                    return true;
                  });
    } while (cursor != 0);
    call.reply().endArray(mark, count[0]);
  }

  static void scan(Call call) {
    long cursor = cursor(call.string(1));
    long count = 10;
    Glob pattern = null;
    String type = null;
    for (int i = 2; i < call.count(); i += 2) {
      boolean hasValue = i + 1 < call.count();
      if (call.is(i, "COUNT") && hasValue) {
        count = call.integer(i + 1);
        if (count < 1) {
          throw Fault.syntax();
        }
      } else if (call.is(i, "MATCH") && hasValue) {
        pattern = Glob.of(call.bytes(i + 1));
      } else if (call.is(i, "TYPE") && hasValue) {
        type = call.string(i + 1);
      } else {
        throw Fault.syntax();
      }
    }
    call.dependsOnDatabase(call.database().id());
    Names names = new Names(call, pattern, type);
    List<byte[]> found = new ArrayList<>();
    long next =
        call.database()
            .scan(
                cursor,
                (int) Math.min(count, Integer.MAX_VALUE),
                (db, record) -> {
                  if (names.wants(record)) {
                    found.add(Memory.bytes(Record.keyAddress(record), Record.keyLength(record)));
                  }
                  return true;
                });
    call.reply().array(2);
    call.reply().bulk(Long.toUnsignedString(next));
    call.reply().array(found.size());
    found.forEach(name -> call.reply().bulk(name));
  }

  /** A cursor as C's strtoul reads it: unsigned, and negated by a minus sign. */
  private static long cursor(String text) {
    String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (digits.startsWith("+") || digits.startsWith("-")) {
      throw new Fault("ERR invalid cursor");
    }
    try {
      long value = text.isEmpty() ? 0 : Long.parseUnsignedLong(digits);
      return text.startsWith("-") ? -value : value;
    } catch (NumberFormatException e) {
      throw new Fault("ERR invalid cursor");
    }
  }

  static void randomkey(Call call, RandomGenerator random) {
    Database db = call.database();
    call.dependsOnDatabase(db.id());
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      long record = db.randomRecord(random);
      if (record == 0) {
        break;
      }
      if (!call.isExpired(record) || tries == MOST_TRIES - 1) {
        call.reply().bulk(Record.keyAddress(record), Record.keyLength(record));
        return;
      }
    }
    call.reply().nil();
  }

  /** What a walk is to answer: names of keys that are not expired, match, and have the type. */
  private static final class Names {
    private final Call call;
    private final Glob pattern;
    private final String type;
    private byte[] name = new byte[256];

    Names(Call call, Glob pattern, String type) {
      this.call = call;
      this.pattern = pattern == null || pattern.matchesAll() ? null : pattern;
      this.type = type;
    }

    boolean wants(long record) {
      return (pattern == null || matches(record))
          && (type == null || type.equalsIgnoreCase(Types.name(record)))
          && !call.isExpired(record);
    }

    private boolean matches(long record) {
      int length = Record.keyLength(record);
      if (length > name.length) {
        name = new byte[length * 2];
      }
      Memory.copyTo(Record.keyAddress(record), name, 0, length);
      return pattern.matches(name, length);
    }
  }
}
