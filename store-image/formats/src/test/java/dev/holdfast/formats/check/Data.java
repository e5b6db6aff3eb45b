package dev.holdfast.formats.check;

import dev.holdfast.formats.Native;
import dev.holdfast.formats.rdb.RdbOptions;
import dev.holdfast.formats.rdb.RdbWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A data folder under construction. */
final class Data {
  static final String SET = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\n";
  static final String MULTI = "*1\r\n$5\r\nMULTI\r\n";
  static final String EXEC = "*1\r\n$4\r\nEXEC\r\n";
  static final String MANIFEST =
      "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n";

  final Path dir;

  Data(Path dir) {
    this.dir = dir;
  }

  /** A usual AOF: a base with two keys, one incremental file with this content. */
  static Data withIncr(Path dir, String incr) throws IOException {
    return new Data(dir).manifest(MANIFEST).base(2).part("appendonly.aof.1.incr.aof", incr);
  }

  Data manifest(String text) throws IOException {
    return part("appendonly.aof.manifest", text);
  }

  Data part(String name, String content) throws IOException {
    return file("appendonlydir/" + name, content.getBytes(StandardCharsets.ISO_8859_1));
  }

  Data base(int keys) throws IOException {
    return file("appendonlydir/appendonly.aof.1.base.rdb", rdb(keys));
  }

  Data file(String name, byte[] content) throws IOException {
    var path = dir.resolve(name);
    Files.createDirectories(path.getParent());
    Files.write(path, content);
    return this;
  }

  Path path(String name) {
    return dir.resolve(name);
  }

  AofCheck check() throws IOException {
    return new AofChecker(Progress.NONE).checkData(DataFolder.withDefaults(dir));
  }

  static byte[] rdb(int keys) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var writer =
            new RdbWriter(
                slice -> bytes.writeBytes(slice.toArray(ValueLayout.JAVA_BYTE)),
                RdbOptions.DEFAULT);
        var key = Native.copy("key:000");
        var value = Native.copy("a value of some length, some length, some length")) {
      writer.start();
      writer.standardAux("7.2.4", 1_700_000_000, 1024, true);
      if (keys > 0) {
        writer.selectDb(0);
        writer.resizeDb(keys, 0);
      }
      for (int i = 0; i < keys; i++) {
        key.clear();
        key.putAscii("key:%03d".formatted(i));
        writer.entry(key.address(), 7, value.address(), (int) value.length(), -1);
      }
      writer.end();
    }
    return bytes.toByteArray();
  }
}
