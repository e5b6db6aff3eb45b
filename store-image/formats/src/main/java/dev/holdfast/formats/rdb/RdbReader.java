package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import dev.holdfast.formats.rdb.RdbVisitor.Checksum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads an RDB file of Redis (versions 1 to 15) or Valkey (versions 1 to 11 and 80), streaming, and
 * hands what it finds to a visitor. Strings are delivered; values of other types are passed by with
 * all their lengths checked, if the visitor agrees.
 *
 * <p>Versions 13 to 15 have value types that are not known here; a file that uses one is refused
 * with its number.
 *
 * <p>It stops exactly behind the checksum, so that an AOF that follows in the same file can be read
 * from the same source.
 */
public final class RdbReader {
  private static final int FIRST_VERSION_WITH_CHECKSUM = 5;

  private final ByteSource source;

  public RdbReader(ByteSource source) {
    this.source = source;
  }

  /**
   * Reads one file from start to end.
   *
   * @throws RdbException for damage, an early end, a version or type that is not known, or a type
   *     that the visitor refused
   */
  public void read(RdbVisitor visitor) throws IOException {
    try (var key = new NativeBuffer(256);
        var value = new NativeBuffer(4096)) {
      new Pass(visitor, key, value).run();
    } finally {
      source.stopChecksum();
    }
  }

  private final class Pass {
    private final RdbVisitor visitor;
    private final NativeBuffer key;
    private final NativeBuffer value;
    private final RdbInput input = new RdbInput(source);
    private final RdbEntry entry = new RdbEntry();
    private RdbValues values;
    private boolean valkey;
    private int version;

    Pass(RdbVisitor visitor, NativeBuffer key, NativeBuffer value) {
      this.visitor = visitor;
      this.key = key;
      this.value = value;
    }

    void run() throws IOException {
      source.startChecksum();
      header();
      values = new RdbValues(input, value, valkey);
      while (true) {
        long start = input.offset();
        int opcode = input.readByte("an opcode or a value type");
        switch (opcode) {
          case RdbTypes.EOF -> {
            visitor.end(checksum());
            return;
          }
          case RdbTypes.SELECT_DB -> {
            entry.database = input.readLength("a database number");
            visitor.selectDb(entry.database);
          }
          case RdbTypes.EXPIRE_SECONDS ->
              entry.expireAtMillis = Math.max(0, input.readInt("an expiry in seconds") * 1000L);
          case RdbTypes.EXPIRE_MILLIS ->
              entry.expireAtMillis = Math.max(0, input.readLong("an expiry in milliseconds"));
          case RdbTypes.RESIZE_DB -> {
            long keys = input.readLength("a number of keys");
            visitor.resizeDb(keys, input.readLength("a number of expiries"));
          }
          case RdbTypes.AUX -> {
            var name = text("the name of an auxiliary field");
            visitor.aux(name, text("the value of the auxiliary field " + name));
          }
          case RdbTypes.FREQUENCY -> entry.frequency = input.readByte("an access frequency");
          case RdbTypes.IDLE -> entry.idleSeconds = input.readLength("an idle time");
          case RdbTypes.MODULE_AUX -> visitor.moduleAux(values.skipModuleAux());
          case RdbTypes.FUNCTION -> {
            input.readString(value, "a function library");
            visitor.function(input.stringAddress(), input.stringLength());
          }
          case RdbTypes.SLOT_INFO -> {
            long slot = input.readLength("a slot number");
            long keys = input.readLength("a number of keys");
            visitor.slotInfo(slot, keys, input.readLength("a number of expiries"));
          }
          case RdbTypes.FUNCTION_BEFORE_RELEASE ->
              throw RdbException.refused(
                  start, "Pre-release function format not supported; load it with Redis 7.0 first");
          default -> entry(opcode, start);
        }
      }
    }

    private void header() throws IOException {
      long start = source.offset();
      if (!source.require(9)) {
        throw RdbException.truncated(start + source.available(), "REDIS or VALKEY and a version");
      }
      var head = new String(Raw.bytes(source.address(), 9), StandardCharsets.ISO_8859_1);
      valkey = head.startsWith("VALKEY");
      int digits = valkey ? 6 : 5;
      if (!valkey && !head.startsWith("REDIS") || !head.substring(digits).matches("[0-9]+")) {
        throw RdbException.damaged(
            start, "REDIS or VALKEY and a version", "'" + printable(head) + "'");
      }
      source.advance(9);
      version = Integer.parseInt(head.substring(digits));
      if (version < 1 || version > (valkey ? 80 : 15) || valkey && version > 11 && version < 80) {
        throw RdbException.refused(
            start,
            "Can't handle RDB format version %d; known are REDIS 1 to 15 and VALKEY 80"
                .formatted(version));
      }
      visitor.start(head.substring(0, digits), version);
    }

    private void entry(int type, long start) throws IOException {
      if (!values.knows(type)) {
        throw RdbException.refused(
            start, "Unknown RDB encoding type %d in a version %d file".formatted(type, version));
      }
      input.copyString(key, "a key");
      entry.type = type;
      if (type == RdbTypes.STRING) {
        string();
      } else if (visitor.unsupported(key.address(), (int) key.length(), entry)) {
        values.skip(type);
        visitor.skipped(entry);
      } else {
        throw RdbException.refused(
            start,
            "The key '%s' is a %s, which this program cannot load yet"
                .formatted(keyText(), RdbTypes.name(type)));
      }
      entry.reset();
    }

    private void string() throws IOException {
      if (visitor.keepsValues()) {
        input.readString(value, "a string value");
        visitor.string(
            key.address(), (int) key.length(), input.stringAddress(), input.stringLength(), entry);
      } else {
        long length = input.skipString("a string value");
        visitor.string(
            key.address(), (int) key.length(), 0, (int) Math.min(length, Integer.MAX_VALUE), entry);
      }
    }

    private Checksum checksum() throws IOException {
      if (version < FIRST_VERSION_WITH_CHECKSUM) {
        return Checksum.ABSENT;
      }
      long computed = source.checksum();
      long start = input.offset();
      long stored = input.readLong("the checksum");
      if (stored == 0) {
        return Checksum.UNCHECKED;
      }
      if (stored != computed) {
        throw RdbException.damaged(
            start,
            "the checksum %016x of the bytes before it".formatted(computed),
            "%016x".formatted(stored));
      }
      return Checksum.GOOD;
    }

    private String text(String what) throws IOException {
      input.readString(value, what);
      return new String(
          Raw.bytes(input.stringAddress(), input.stringLength()), StandardCharsets.UTF_8);
    }

    private String keyText() {
      int shown = (int) Math.min(key.length(), 128);
      return printable(new String(Raw.bytes(key.address(), shown), StandardCharsets.ISO_8859_1));
    }

    private static String printable(String text) {
      return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
  }
}
