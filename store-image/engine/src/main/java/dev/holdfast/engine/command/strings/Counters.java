package dev.holdfast.engine.command.strings;

import static dev.holdfast.engine.command.NativeWord.KEEPTTL;
import static dev.holdfast.engine.command.NativeWord.SET;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.Numbers;
import dev.holdfast.engine.pubsub.KeyEvent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Strings as numbers. */
final class Counters {
  private Counters() {}

  static void incr(Call call) {
    add(call, 1);
  }

  static void decr(Call call) {
    add(call, -1);
  }

  static void incrby(Call call) {
    add(call, call.integer(2));
  }

  static void decrby(Call call) {
    long decrement = call.integer(2);
    if (decrement == Long.MIN_VALUE) {
      throw new Fault("ERR decrement would overflow");
    }
    add(call, -decrement);
  }

  private static void add(Call call, long increment) {
    long record = call.ofType(call.write(1), Record.STRING);
    long value = record == 0 ? 0 : integer(record);
    long sum = value + increment;
    if (((value ^ sum) & (increment ^ sum)) < 0) {
      throw new Fault("ERR increment or decrement would overflow");
    }
    long digits = call.scratch(Numbers.MAX_LENGTH);
    int length = Numbers.format(sum, digits);
    long expireAt = record == 0 ? -1 : Record.expireAt(record);
    if (record != 0 && Record.valueLength(record) == length) {
      long same = call.resize(1, record, length, Encodings.ANY);
      Memory.copy(digits, Record.valueAddress(same), length);
    } else {
      call.put(1, Record.STRING, Encodings.ANY, digits, length, expireAt);
    }
    call.changed(1);
    call.happened(KeyEvent.INCRBY, 1);
    call.reply().integer(sum);
  }

  private static long integer(long record) {
    long address = Record.valueAddress(record);
    int length = Record.valueLength(record);
    long value = Numbers.parse(address, length);
    if (value == Numbers.INVALID && !Numbers.isLong(address, length)) {
      throw Fault.notAnInteger();
    }
    return value;
  }

  static void incrbyfloat(Call call) {
    long record = call.ofType(call.write(1), Record.STRING);
    BigDecimal value =
        record == 0
            ? BigDecimal.ZERO
            : parse(Record.valueAddress(record), Record.valueLength(record));
    BigDecimal increment = parse(call.address(2), call.length(2));
    BigDecimal sum = value == null || increment == null ? null : LongDouble.add(value, increment);
    if (sum == null) {
      throw new Fault("ERR increment would produce NaN or Infinity");
    }
    byte[] text = LongDouble.format(sum).getBytes(StandardCharsets.US_ASCII);
    long scratch = call.scratch(text.length);
    Memory.copyFrom(text, 0, scratch, text.length);
    long expireAt = record == 0 ? -1 : Record.expireAt(record);
    call.put(1, Record.STRING, Encodings.NO_INTEGER, scratch, text.length, expireAt);
    call.changed(1);
    call.happened(KeyEvent.INCRBYFLOAT, 1);
    call.effect(SET).word(1).word(scratch, text.length).word(KEEPTTL).log();
    call.reply().bulk(scratch, text.length);
  }

  /** The number, or null for an infinite one. */
  private static BigDecimal parse(long address, int length) {
    try {
      return LongDouble.parse(Memory.ascii(address, Math.min(length, LongDouble.LONGEST_TEXT)));
    } catch (NumberFormatException e) {
      throw new Fault("ERR value is not a valid float");
    }
  }
}
