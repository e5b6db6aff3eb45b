package dev.holdfast.engine.command.generic;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.keyspace.Database;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.pubsub.KeyEvent;

/** Commands that bring a value under another name or into another database. */
final class Moving {
  private Moving() {}

  static void rename(Call call) {
    if (renamed(call, true)) {
      call.reply().ok();
    }
  }

  static void renamenx(Call call) {
    call.reply().integer(renamed(call, false) ? 1 : 0);
  }

  private static boolean renamed(Call call, boolean overwrite) {
    Database db = call.database();
    if (call.write(1) == 0) {
      throw Fault.noSuchKey();
    }
    if (call.sameBytes(1, 2)) {
      return overwrite;
    }
    if (call.find(db, 2) != 0 && !overwrite) {
      return false;
    }
    copyTo(call, db, 2, call.find(db, 1));
    call.remove(1);
    call.changed(2);
    call.happened(KeyEvent.RENAME_FROM, 1);
    call.happened(KeyEvent.RENAME_TO, 2);
    return true;
  }

  /** What had the name before is gone first: the name is new in any case. */
  private static void copyTo(Call call, Database to, int key, long record) {
    boolean replaces = call.find(to, key) != 0;
    call.put(
        to,
        key,
        Record.type(record),
        Record.encoding(record),
        Record.valueAddress(record),
        Record.valueLength(record),
        Record.expireAt(record));
    if (replaces) {
      call.happened(KeyEvent.NEW, to, key);
    }
  }

  static void copy(Call call) {
    Database to = call.database();
    boolean replace = false;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "REPLACE")) {
        replace = true;
      } else if (call.is(i, "DB") && i + 1 < call.count()) {
        to = database(call, ++i);
      } else {
        throw Fault.syntax();
      }
    }
    if (to == call.database() && call.sameBytes(1, 2)) {
      throw new Fault("ERR source and destination objects are the same");
    }
    if (call.read(1) == 0 || (call.find(to, 2) != 0 && !replace)) {
      call.reply().integer(0);
      return;
    }
    copyTo(call, to, 2, call.find(call.database(), 1));
    call.changed(to, 2);
    call.happened(KeyEvent.COPY_TO, to, 2);
    call.reply().integer(1);
  }

  static void move(Call call) {
    Database to = database(call, 2);
    if (to == call.database()) {
      throw new Fault("ERR source and destination objects are the same");
    }
    if (call.write(1) == 0 || call.find(to, 1) != 0) {
      call.reply().integer(0);
      return;
    }
    copyTo(call, to, 1, call.find(call.database(), 1));
    call.remove(1);
    call.changed(to, 1);
    call.happened(KeyEvent.MOVE_FROM, 1);
    call.happened(KeyEvent.MOVE_TO, to, 1);
    call.reply().integer(1);
  }

  private static Database database(Call call, int arg) {
    int number = call.smallInteger(arg, null);
    if (number < 0 || number >= call.keys().keyspace().databases()) {
      throw new Fault("ERR DB index is out of range");
    }
    return call.database(number);
  }
}
