package dev.holdfast.engine.command.strings;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.keyspace.Record;

/** String commands that change nothing. */
final class Reads {
  private Reads() {}

  static void get(Call call) {
    value(call, call.ofType(call.read(1), Record.STRING));
  }

  static void value(Call call, long record) {
    if (record == 0) {
      call.reply().nil();
    } else {
      call.reply().bulk(Record.valueAddress(record), Record.valueLength(record));
    }
  }

  static void strlen(Call call) {
    long record = call.ofType(call.read(1), Record.STRING);
    call.reply().integer(record == 0 ? 0 : Record.valueLength(record));
  }

  static void getrange(Call call) {
    long start = call.integer(2);
    long end = call.integer(3);
    long record = call.ofType(call.read(1), Record.STRING);
    long length = record == 0 ? 0 : Record.valueLength(record);
    if (start < 0 && end < 0 && start > end) {
      call.reply().bulk("");
      return;
    }
    long from = Math.max(0, start < 0 ? start + length : start);
    long to = Math.min(length - 1, Math.max(0, end < 0 ? end + length : end));
    if (from > to || length == 0) {
      call.reply().bulk("");
    } else {
      call.reply().bulk(Record.valueAddress(record) + from, (int) (to - from + 1));
    }
  }

  static void mget(Call call) {
    call.reply().array(call.count() - 1);
    for (int i = 1; i < call.count(); i++) {
      long record = call.read(i);
      value(call, record != 0 && Record.type(record) == Record.STRING ? record : 0);
    }
  }
}
