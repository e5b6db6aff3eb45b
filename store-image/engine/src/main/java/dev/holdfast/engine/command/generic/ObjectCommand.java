package dev.holdfast.engine.command.generic;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.Help;
import dev.holdfast.engine.command.strings.Encodings;

/** {@code OBJECT}: how a value is kept and used. */
final class ObjectCommand {
  private static final String ADJUST =
      " Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.";

  private ObjectCommand() {}

  static void encoding(Call call) {
    long record = call.inspect(2);
    if (record == 0) {
      call.reply().nil();
    } else {
      call.reply().bulk(Encodings.name(record));
    }
  }

  static void refcount(Call call) {
    long record = call.inspect(2);
    if (record == 0) {
      call.reply().nil();
    } else {
      call.reply().integer(1);
    }
  }

  static void idletime(Call call) {
    long record = call.inspect(2);
    if (record == 0) {
      call.reply().nil();
      return;
    }
    if (call.keys().tracksFrequency()) {
      throw new Fault("ERR An LFU maxmemory policy is selected, idle time not tracked." + ADJUST);
    }
    call.reply().integer(call.keys().idleMillis(record, call.now()) / 1000);
  }

  static void freq(Call call) {
    long record = call.inspect(2);
    if (record == 0) {
      call.reply().nil();
      return;
    }
    if (!call.keys().tracksFrequency()) {
      throw new Fault(
          "ERR An LFU maxmemory policy is not selected, access frequency not tracked." + ADJUST);
    }
    call.reply().integer(call.keys().frequency(record, call.now()));
  }

  static void help(Call call) {
    Help.reply(
        call,
        "ENCODING <key>",
        "    How the value of <key> is kept.",
        "FREQ <key>",
        "    How often <key> is used, on a logarithmic scale (LFU policies only).",
        "IDLETIME <key>",
        "    For how many seconds <key> was not used (not for LFU policies).",
        "REFCOUNT <key>",
        "    How many times the value of <key> is referred to.");
  }
}
