package dev.holdfast.engine.command.strings;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.pubsub.KeyEvent;

/** String commands that change a part of a value. */
final class Parts {
  private Parts() {}

  static void append(Call call) {
    long record = call.ofType(call.write(1), Record.STRING);
    int added = call.length(2);
    if (record == 0) {
      call.put(1, Record.STRING, Encodings.ANY, call.address(2), added, -1);
      call.changed(1);
      call.happened(KeyEvent.APPEND, 1);
      call.reply().integer(added);
      return;
    }
    int length = Record.valueLength(record);
    checkLength(call, (long) length + added);
    long grown = call.resize(1, record, length + added, Encodings.RAW);
    Memory.copy(call.address(2), Record.valueAddress(grown) + length, added);
    call.changed(1);
    call.happened(KeyEvent.APPEND, 1);
    call.reply().integer((long) length + added);
  }

  static void setrange(Call call) {
    long offset = call.integer(2);
    if (offset < 0) {
      throw new Fault("ERR offset is out of range");
    }
    int added = call.length(3);
    long record = call.ofType(call.write(1), Record.STRING);
    int length = record == 0 ? 0 : Record.valueLength(record);
    if (added == 0) {
      call.reply().integer(length);
      return;
    }
    checkLength(call, offset > Long.MAX_VALUE - added ? Long.MAX_VALUE : offset + added);
    int wanted = (int) Math.max(length, offset + added);
    if (record == 0) {
      record = call.put(1, Record.STRING, Encodings.RAW, 0, wanted, -1);
      Memory.fill(Record.valueAddress(record), wanted, (byte) 0);
    } else {
      record = call.resize(1, record, wanted, Encodings.RAW);
    }
    Memory.copy(call.address(3), Record.valueAddress(record) + offset, added);
    call.changed(1);
    call.happened(KeyEvent.SETRANGE, 1);
    call.reply().integer(wanted);
  }

  private static void checkLength(Call call, long length) {
    if (length > call.longestString()) {
      throw Fault.tooLong();
    }
  }
}
