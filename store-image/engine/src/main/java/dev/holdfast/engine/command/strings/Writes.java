package dev.holdfast.engine.command.strings;

import static dev.holdfast.engine.command.NativeWord.DEL;
import static dev.holdfast.engine.command.NativeWord.PERSIST;
import static dev.holdfast.engine.command.NativeWord.PEXPIREAT;
import static dev.holdfast.engine.command.NativeWord.PXAT;
import static dev.holdfast.engine.command.NativeWord.SET;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.pubsub.KeyEvent;

/** String commands that set whole values. */
final class Writes {
  private static final long NONE = -1;

  private Writes() {}

  static void set(Call call) {
    boolean onlyNew = false;
    boolean onlyOld = false;
    boolean get = false;
    boolean keep = false;
    long expireAt = NONE;
    int expiryArg = 0;
    ExpiryOption expiry = null;
    for (int i = 3; i < call.count(); i++) {
      ExpiryOption option = ExpiryOption.of(call, i);
      if (call.is(i, "NX") && !onlyOld) {
        onlyNew = true;
      } else if (call.is(i, "XX") && !onlyNew) {
        onlyOld = true;
      } else if (call.is(i, "GET")) {
        get = true;
      } else if (call.is(i, "KEEPTTL") && expiry == null) {
        keep = true;
      } else if (option != null
          && !keep
          && (expiry == null || expiry == option)
          && i + 1 < call.count()) {
        expiry = option;
        expiryArg = ++i;
      } else {
        throw Fault.syntax();
      }
    }
    if (expiry != null) {
      expireAt = expiry.at(call, expiryArg);
    }
    long old = get ? call.ofType(call.read(1), Record.STRING) : call.write(1);
    if (get) {
      Reads.value(call, old);
    }
    if (old != 0 ? onlyNew : onlyOld) {
      if (!get) {
        call.reply().nil();
      }
      return;
    }
    if (keep && old != 0) {
      expireAt = Record.expireAt(old);
    }
    put(call, 1, 2, expireAt);
    if (expiry != null) {
      setAs(call, 2, expireAt);
    } else if (get) {
      withoutGet(call);
    }
    if (!get) {
      call.reply().ok();
    }
  }

  /** Stores the argument's bytes as the key's whole value. */
  private static void put(Call call, int key, int value, long expireAt) {
    call.put(key, Record.STRING, Encodings.ANY, call.address(value), call.length(value), expireAt);
    call.changed(key);
    call.happened(KeyEvent.SET, key);
  }

  private static void setAs(Call call, int value, long expireAt) {
    call.happened(KeyEvent.EXPIRE, 1);
    call.effect(SET).word(1).word(value).word(PXAT).number(expireAt).log();
  }

  private static void withoutGet(Call call) {
    var effect = call.effect(SET);
    for (int i = 1; i < call.count(); i++) {
      if (i < 3 || !call.is(i, "GET")) {
        effect.word(i);
      }
    }
    effect.log();
  }

  static void setnx(Call call) {
    if (call.write(1) != 0) {
      call.reply().integer(0);
      return;
    }
    put(call, 1, 2, NONE);
    call.reply().integer(1);
  }

  static void setex(Call call) {
    setExpiring(call, ExpiryOption.EX);
  }

  static void psetex(Call call) {
    setExpiring(call, ExpiryOption.PX);
  }

  private static void setExpiring(Call call, ExpiryOption option) {
    long expireAt = option.at(call, 2);
    call.write(1);
    put(call, 1, 3, expireAt);
    setAs(call, 3, expireAt);
    call.reply().ok();
  }

  static void getset(Call call) {
    Reads.value(call, call.ofType(call.read(1), Record.STRING));
    put(call, 1, 2, NONE);
    call.effect(SET).word(1).word(2).log();
  }

  static void getdel(Call call) {
    long record = call.ofType(call.read(1), Record.STRING);
    Reads.value(call, record);
    if (record != 0) {
      call.remove(1);
      call.happened(KeyEvent.DEL, 1);
      call.effect(DEL).word(1).log();
    }
  }

  static void getex(Call call) {
    boolean persist = false;
    ExpiryOption expiry = null;
    int expiryArg = 0;
    for (int i = 2; i < call.count(); i++) {
      ExpiryOption option = ExpiryOption.of(call, i);
      if (call.is(i, "PERSIST") && expiry == null) {
        persist = true;
      } else if (option != null
          && !persist
          && (expiry == null || expiry == option)
          && i + 1 < call.count()) {
        expiry = option;
        expiryArg = ++i;
      } else {
        throw Fault.syntax();
      }
    }
    long record = call.ofType(call.read(1), Record.STRING);
    if (record == 0) {
      call.reply().nil();
      return;
    }
    long expireAt = expiry == null ? NONE : expiry.at(call, expiryArg);
    Reads.value(call, record);
    if (persist) {
      persist(call, record);
    } else if (expiry != null) {
      expire(call, record, expireAt);
    }
  }

  private static void persist(Call call, long record) {
    if (Record.expireAt(record) != NONE) {
      call.setExpiry(1, record, NONE);
      call.changed(1);
      call.happened(KeyEvent.PERSIST, 1);
      call.effect(PERSIST).word(1).log();
    }
  }

  private static void expire(Call call, long record, long expireAt) {
    if (call.isPast(expireAt)) {
      call.remove(1);
      call.happened(KeyEvent.DEL, 1);
      call.effect(DEL).word(1).log();
    } else {
      call.setExpiry(1, record, expireAt);
      call.changed(1);
      call.happened(KeyEvent.EXPIRE, 1);
      call.effect(PEXPIREAT).word(1).number(expireAt).log();
    }
  }

  static void mset(Call call) {
    evenArguments(call);
    putAll(call);
    call.reply().ok();
  }

  static void msetnx(Call call) {
    evenArguments(call);
    for (int i = 1; i < call.count(); i += 2) {
      if (call.write(i) != 0) {
        call.reply().integer(0);
        return;
      }
    }
    putAll(call);
    call.reply().integer(1);
  }

  private static void evenArguments(Call call) {
    if (call.count() % 2 == 0) {
      throw new Fault("ERR wrong number of arguments for '" + call.command().name() + "' command");
    }
  }

  private static void putAll(Call call) {
    for (int i = 1; i < call.count(); i += 2) {
      call.write(i);
      put(call, i, i + 1, NONE);
    }
  }
}
