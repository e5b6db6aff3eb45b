package dev.holdfast.formats.rdb;

import dev.holdfast.formats.Native;
import dev.holdfast.formats.offheap.ByteSink;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes and reads RDB files in memory, for tests. */
final class RdbFile {
  interface Body {
    void write(RdbWriter writer) throws IOException;
  }

  private RdbFile() {}

  static byte[] write(RdbOptions options, Body body) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ByteSink sink = slice -> bytes.writeBytes(slice.toArray(ValueLayout.JAVA_BYTE));
    try (var writer = new RdbWriter(sink, options)) {
      writer.start();
      body.write(writer);
      writer.end();
      if (writer.size() != bytes.size()) {
        throw new AssertionError(writer.size() + " bytes counted, " + bytes.size() + " written");
      }
    }
    return bytes.toByteArray();
  }

  static void entry(RdbWriter writer, byte[] key, byte[] value, long expireAtMillis)
      throws IOException {
    try (var k = Native.copy(key);
        var v = Native.copy(value)) {
      writer.entry(k.address(), key.length, v.address(), value.length, expireAtMillis);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Type, key and value as they lie in a file, between a version 11 head and an end without
   * checksum.
   */
  static byte[] withValue(int type, String hexOfValue) {
    return withHead("REDIS0011", type, hexOfValue);
  }

  static byte[] withHead(String head, int type, String hexOfValue) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(bytes(head));
    bytes.write(type);
    bytes.write(1);
    bytes.write('k');
    bytes.writeBytes(HexFormat.of().parseHex(hexOfValue.replace(" ", "")));
    bytes.write(0xff);
    bytes.writeBytes(new byte[8]);
    return bytes.toByteArray();
  }

  /** What a file contains, one line per call of the visitor. */
  static List<String> read(byte[] file) throws IOException {
    var recorder = new Recorder(true);
    try (var source = Native.source(file)) {
      new RdbReader(source).read(recorder);
    }
    return recorder.seen;
  }

  /** As {@link #read}, without keeping values. */
  static List<String> check(byte[] file) throws IOException {
    var recorder = new Recorder(false);
    try (var source = Native.source(file)) {
      new RdbReader(source).read(recorder);
    }
    return recorder.seen;
  }

  static final class Recorder implements RdbVisitor {
    final List<String> seen = new ArrayList<>();
    private final boolean keepsValues;

    Recorder(boolean keepsValues) {
      this.keepsValues = keepsValues;
    }

    @Override
    public void start(String magic, int version) {
      seen.add(magic + " " + version);
    }

    @Override
    public void aux(String key, String value) {
      seen.add("aux " + key + "=" + value);
    }

    @Override
    public void selectDb(long database) {
      seen.add("db " + database);
    }

    @Override
    public void resizeDb(long keys, long expires) {
      seen.add("resize " + keys + " " + expires);
    }

    @Override
    public void slotInfo(long slot, long keys, long expires) {
      seen.add("slot " + slot + " " + keys + " " + expires);
    }

    @Override
    public void string(long key, int keyLength, long value, int valueLength, RdbEntry entry) {
      seen.add(
          text(key, keyLength)
              + "="
              + (keepsValues ? text(value, valueLength) : valueLength)
              + (entry.expireAtMillis() < 0 ? "" : " px " + entry.expireAtMillis())
              + (entry.frequency() < 0 ? "" : " freq " + entry.frequency())
              + (entry.idleSeconds() < 0 ? "" : " idle " + entry.idleSeconds()));
    }

    @Override
    public boolean unsupported(long key, int keyLength, RdbEntry entry) {
      seen.add(text(key, keyLength) + " is a " + RdbTypes.name(entry.type()));
      return true;
    }

    @Override
    public void skipped(RdbEntry entry) {
      seen.add("skipped " + entry.type());
    }

    @Override
    public void function(long address, int length) {
      seen.add("function " + text(address, length));
    }

    @Override
    public void moduleAux(long moduleId) {
      seen.add("module " + moduleId);
    }

    @Override
    public boolean keepsValues() {
      return keepsValues;
    }

    @Override
    public void end(Checksum checksum) {
      seen.add("end " + checksum);
    }

    private static String text(long address, int length) {
      return new String(Raw.bytes(address, length), StandardCharsets.ISO_8859_1);
    }
  }

  static NativeBuffer buffer(String hex) {
    return Native.copy(HexFormat.of().parseHex(hex.replace(" ", "")));
  }
}
