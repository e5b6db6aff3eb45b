package dev.holdfast.engine.command.server;

import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.Help;
import dev.holdfast.engine.command.strings.Encodings;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.pattern.Glob;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** {@code DEBUG}: what tests of the field use; also {@code TIME} and {@code ROLE}. */
public final class Debug {
  private final Clock clock;
  private final EffectLog log;
  private final Consumer<Boolean> activeExpiry;
  private final Reload reload;
  private final Runnable newReplicationId;

  /** Empties memory and reads it back from disk. */
  public interface Reload {
    /** Through {@code dump.rdb}; null, or an error line. */
    String throughDump(boolean save, boolean flush);

    /** From the append-only files; null, or an error line. */
    String fromLog();
  }

  /**
   * @param activeExpiry switches active expiry off and on
   * @param newReplicationId takes another replication id
   */
  public Debug(
      Clock clock,
      EffectLog log,
      Consumer<Boolean> activeExpiry,
      Reload reload,
      Runnable newReplicationId) {
    this.clock = clock;
    this.log = log;
    this.activeExpiry = activeExpiry;
    this.reload = reload;
    this.newReplicationId = newReplicationId;
  }

  void time(Call call) {
    long micros = clock.wallMicros();
    call.reply().array(2);
    call.reply().bulk(Long.toString(micros / 1_000_000));
    call.reply().bulk(Long.toString(micros % 1_000_000));
  }

  void role(Call call) {
    call.reply().array(3);
    call.reply().bulk("master");
    call.reply().integer(log.appendedOffset());
    call.reply().array(0);
  }

  void debug(Call call) {
    String name = call.string(1).toUpperCase(Locale.ROOT);
    switch (name) {
      case "HELP" -> help(call);
      case "SLEEP" -> sleep(call);
      case "OBJECT" -> object(call);
      case "SET-ACTIVE-EXPIRE" -> setActiveExpire(call);
      case "QUICKLIST-PACKED-THRESHOLD" -> call.reply().ok();
      case "CHANGE-REPL-ID" -> {
        newReplicationId.run();
        call.reply().ok();
      }
      case "STRINGMATCH-LEN" -> stringMatch(call);
      case "RELOAD" -> reload(call);
      case "LOADAOF" -> answer(call, reload.fromLog());
      case "DIGEST" -> digest(call);
      case "DIGEST-VALUE" -> digestValue(call);
      default -> throw Fault.subcommand(call);
    }
  }

  private static void needs(Call call, int count) {
    if (call.count() != count) {
      throw Fault.subcommand(call);
    }
  }

  private void sleep(Call call) {
    needs(call, 3);
    double seconds;
    try {
      seconds = Double.parseDouble(call.string(2));
    } catch (NumberFormatException e) {
      seconds = 0;
    }
    long until = clock.monotonicNanos() + (long) (seconds * 1e9);
    for (long left = until - clock.monotonicNanos();
        left > 0;
        left = until - clock.monotonicNanos()) {
      LockSupport.parkNanos(left);
    }
    call.reply().ok();
  }

  private static void object(Call call) {
    needs(call, 3);
    long record = call.find(call.database(), 2);
    if (record == 0) {
      throw Fault.noSuchKey();
    }
    String text =
        "Value at:0x%x refcount:1 encoding:%s serializedlength:%d lru:%d lru_seconds_idle:%d"
            .formatted(
                record,
                Encodings.name(record),
                Record.valueLength(record) + 1,
                Record.access(record),
                call.keys().tracksFrequency()
                    ? 0
                    : call.keys().idleMillis(record, call.now()) / 1000);
    call.reply().status(text);
  }

  private void setActiveExpire(Call call) {
    needs(call, 3);
    activeExpiry.accept(!call.string(2).equals("0"));
    call.reply().ok();
  }

  private static void stringMatch(Call call) {
    needs(call, 4);
    long length = call.integer(2);
    if (length < 0 || length > 1 << 30) {
      throw new Fault("ERR value is out of range, must be positive");
    }
    byte[] text = "a".repeat((int) length).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    call.reply().integer(Glob.of(call.bytes(3)).matches(text, text.length) ? 1 : 0);
  }

  private void reload(Call call) {
    boolean save = true;
    boolean flush = true;
    for (int i = 2; i < call.count(); i++) {
      if (call.is(i, "NOSAVE")) {
        save = false;
      } else if (call.is(i, "NOFLUSH")) {
        flush = false;
      } else if (!call.is(i, "MERGE")) {
        throw new Fault("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");
      }
    }
    answer(call, reload.throughDump(save, flush));
  }

  private static void answer(Call call, String error) {
    if (error != null) {
      throw new Fault(error);
    }
    call.reply().ok();
  }

  private static void digest(Call call) {
    needs(call, 2);
    for (int db = 0; db < call.keys().keyspace().databases(); db++) {
      call.dependsOnDatabase(db);
    }
    call.reply().status(Digest.hex(Digest.ofAll(call)));
  }

  private static void digestValue(Call call) {
    call.reply().array(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      long record = call.find(call.database(), i);
      byte[] digest = record == 0 ? Digest.empty() : Digest.ofValue(record);
      call.reply().status(Digest.hex(digest));
    }
  }

  private static void help(Call call) {
    Help.reply(
        call,
        "CHANGE-REPL-ID",
        "    Take another replication id.",
        "DIGEST",
        "    A hash of everything in memory.",
        "DIGEST-VALUE <key> [<key> ...]",
        "    Hashes of single values.",
        "LOADAOF",
        "    Empty memory and load the append-only files.",
        "OBJECT <key>",
        "    How a value is kept.",
        "QUICKLIST-PACKED-THRESHOLD <size>",
        "    Accepted without effect.",
        "RELOAD [NOSAVE] [NOFLUSH] [MERGE]",
        "    Save dump.rdb, empty memory and load it.",
        "SET-ACTIVE-EXPIRE <0|1>",
        "    Whether keys expire without being asked for.",
        "SLEEP <seconds>",
        "    Stop the command thread for a while.",
        "STRINGMATCH-LEN <len> <pattern>",
        "    Whether <len> times the letter a matches.");
  }
}
