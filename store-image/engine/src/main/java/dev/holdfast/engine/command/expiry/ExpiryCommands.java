package dev.holdfast.engine.command.expiry;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.FAST;
import static dev.holdfast.engine.command.Flag.READONLY;
import static dev.holdfast.engine.command.Flag.WRITE;
import static dev.holdfast.engine.command.Group.GENERIC;
import static dev.holdfast.engine.command.NativeWord.DEL;
import static dev.holdfast.engine.command.NativeWord.PEXPIREAT;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.Handler;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.pubsub.KeyEvent;

/** Commands that set, remove or tell when a key's time is over. */
public final class ExpiryCommands {
  private static final long NONE = -1;

  private ExpiryCommands() {}

  /** Adds them to the table. */
  public static void register(CommandTable table) {
    setter(table, "expire", "1.0.0", "seconds", call -> expire(call, 1000, true));
    setter(table, "expireat", "1.2.0", "unix-time-seconds", call -> expire(call, 1000, false));
    setter(table, "pexpire", "2.6.0", "milliseconds", call -> expire(call, 1, true));
    setter(table, "pexpireat", "2.6.0", "unix-time-milliseconds", call -> expire(call, 1, false));
    getter(
        table,
        "ttl",
        "1.0.0",
        "Answers how many seconds a key has left.",
        call -> left(call, 1000));
    getter(
        table,
        "pttl",
        "2.6.0",
        "Answers how many milliseconds a key has left.",
        call -> left(call, 1));
    getter(
        table,
        "expiretime",
        "7.0.0",
        "Answers when a key's time is over, in Unix seconds.",
        call -> time(call, 1000));
    getter(
        table,
        "pexpiretime",
        "7.0.0",
        "Answers when a key's time is over, in Unix milliseconds.",
        call -> time(call, 1));
    table.add(
        command("persist", 2, GENERIC, "2.2.0", WRITE, FAST)
            .key("RW", "update")
            .doc("key", "Removes a key's expiry.")
            .runs(ExpiryCommands::persist));
  }

  private static void setter(
      CommandTable table, String name, String since, String unit, Handler handler) {
    table.add(
        command(name, -3, GENERIC, since, WRITE, FAST)
            .key("RW", "update")
            .doc("key " + unit + " [NX|XX|GT|LT]", "Sets when a key's time is over.")
            .runs(handler));
  }

  private static void getter(
      CommandTable table, String name, String since, String summary, Handler handler) {
    var entry =
        command(name, 2, GENERIC, since, READONLY, FAST).key("RO", "access").doc("key", summary);
    if (name.endsWith("ttl")) {
      entry.tips("nondeterministic_output");
    }
    table.add(entry.runs(handler));
  }

  private static void expire(Call call, int unit, boolean relative) {
    Condition condition = Condition.of(call);
    long amount = call.integer(2);
    if (unit > 1 && (amount > Long.MAX_VALUE / unit || amount < Long.MIN_VALUE / unit)) {
      throw Fault.invalidExpiry(call.command().name());
    }
    long base = relative ? call.now() : 0;
    long at = amount * unit;
    if (at > Long.MAX_VALUE - base) {
      throw Fault.invalidExpiry(call.command().name());
    }
    at += base;
    long record = call.write(1);
    if (record == 0 || !condition.allows(Record.expireAt(record), at)) {
      call.reply().integer(0);
      return;
    }
    if (call.isPast(at)) {
      call.remove(1);
      call.happened(KeyEvent.DEL, 1);
      call.effect(DEL).word(1).log();
    } else {
      long stored = Math.max(0, at);
      call.setExpiry(1, record, stored);
      call.changed(1);
      call.happened(KeyEvent.EXPIRE, 1);
      if (relative || unit > 1) {
        logInstant(call, stored);
      }
    }
    call.reply().integer(1);
  }

  /** As stock servers log it: the instant for the time, and the conditions as they were given. */
  private static void logInstant(Call call, long millis) {
    var effect = call.effect(PEXPIREAT).word(1).number(millis);
    for (int i = 3; i < call.count(); i++) {
      effect.word(i);
    }
    effect.log();
  }

  private static void left(Call call, int unit) {
    long record = call.peek(1);
    if (record == 0 || Record.expireAt(record) == NONE) {
      call.reply().integer(record == 0 ? -2 : -1);
      return;
    }
    long left = Math.max(0, Record.expireAt(record) - call.now());
    call.reply().integer(rounded(left, unit));
  }

  private static void time(Call call, int unit) {
    long record = call.peek(1);
    if (record == 0 || Record.expireAt(record) == NONE) {
      call.reply().integer(record == 0 ? -2 : -1);
      return;
    }
    call.reply().integer(rounded(Record.expireAt(record), unit));
  }

  private static long rounded(long millis, int unit) {
    return unit == 1 ? millis : (millis + unit / 2) / unit;
  }

  private static void persist(Call call) {
    long record = call.write(1);
    if (record == 0 || Record.expireAt(record) == NONE) {
      call.reply().integer(0);
      return;
    }
    call.setExpiry(1, record, NONE);
    call.changed(1);
    call.happened(KeyEvent.PERSIST, 1);
    call.reply().integer(1);
  }
}
