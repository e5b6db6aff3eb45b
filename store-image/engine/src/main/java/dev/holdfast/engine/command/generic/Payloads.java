package dev.holdfast.engine.command.generic;

import static dev.holdfast.engine.command.NativeWord.ABSTTL;
import static dev.holdfast.engine.command.NativeWord.DEL;
import static dev.holdfast.engine.command.NativeWord.REPLACE;
import static dev.holdfast.engine.command.NativeWord.RESTORE;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.strings.Encodings;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.pubsub.KeyEvent;

/** {@code DUMP} and {@code RESTORE}. */
final class Payloads {
  private Payloads() {}

  static void dump(Call call) {
    long record = call.read(1);
    if (record == 0) {
      call.reply().nil();
      return;
    }
    int length = StringPayload.longest(Record.valueLength(record));
    long target = call.scratch(length);
    call.reply()
        .bulk(
            target,
            StringPayload.write(Record.valueAddress(record), Record.valueLength(record), target));
  }

  private static final class Options {
    boolean replace;
    boolean absolute;
    long idle = -1;
    long frequency = -1;
  }

  static void restore(Call call) {
    Options options = options(call);
    if (!options.replace && call.find(call.database(), 1) != 0) {
      throw new Fault("BUSYKEY Target key name already exists.");
    }
    long ttl = call.integer(2);
    if (ttl < 0) {
      throw new Fault("ERR Invalid TTL value, must be >= 0");
    }
    var payload = StringPayload.read(call.address(3), call.length(3));
    long value = call.scratch(payload.length());
    if (!payload.copyTo(value)) {
      throw new Fault("ERR Bad data format");
    }
    long expireAt = ttl == 0 ? -1 : options.absolute ? ttl : call.now() + ttl;
    boolean existed = options.replace && call.find(call.database(), 1) != 0;
    if (expireAt != -1 && call.isPast(expireAt)) {
      if (existed) {
        call.remove(1);
        call.happened(KeyEvent.DEL, 1);
        call.effect(DEL).word(1).log();
      }
      call.reply().ok();
      return;
    }
    long record = call.put(1, Record.STRING, Encodings.ANY, value, payload.length(), expireAt);
    if (existed) {
      call.happened(KeyEvent.NEW, 1);
    }
    call.keys().usage(record, options.idle, options.frequency, call.now());
    call.changed(1);
    call.happened(KeyEvent.RESTORE, 1);
    if (expireAt != -1) {
      log(call, expireAt, options);
    }
    call.reply().ok();
  }

  private static Options options(Call call) {
    var options = new Options();
    for (int i = 4; i < call.count(); i++) {
      boolean hasValue = i + 1 < call.count();
      if (call.is(i, "REPLACE")) {
        options.replace = true;
      } else if (call.is(i, "ABSTTL")) {
        options.absolute = true;
      } else if (call.is(i, "IDLETIME") && hasValue && options.frequency == -1) {
        options.idle = call.integer(++i);
        if (options.idle < 0) {
          throw new Fault("ERR Invalid IDLETIME value, must be >= 0");
        }
      } else if (call.is(i, "FREQ") && hasValue && options.idle == -1) {
        options.frequency = call.integer(++i);
        if (options.frequency < 0 || options.frequency > 255) {
          throw new Fault("ERR Invalid FREQ value, must be >= 0 and <= 255");
        }
      } else {
        throw Fault.syntax();
      }
    }
    return options;
  }

  private static void log(Call call, long expireAt, Options options) {
    var effect = call.effect(RESTORE).word(1).number(expireAt).word(3).word(ABSTTL);
    if (options.replace) {
      effect.word(REPLACE);
    }
    effect.log();
  }
}
