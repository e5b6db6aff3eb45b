package dev.holdfast.engine.persistence;

import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.persistence.Persistence.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Keeps the bytes that a start cuts off, in {@code quarantine/<time>/} of the data directory. */
final class Quarantine {
  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int STEP = 256 << 10;

  private final Context context;

  Quarantine(Context context) {
    this.context = context;
  }

  /** Copies the file from an offset on, and makes the copy durable. */
  void keep(Path file, long from) throws IOException {
    var storage = context.storage();
    var folder =
        context
            .paths()
            .directory()
            .resolve("quarantine")
            .resolve(FOLDER.format(Instant.ofEpochMilli(context.clock().wallMillis())));
    storage.createDirectories(folder);
    long buffer = NativeHeap.allocate(STEP);
    try (var source = storage.openForRead(file);
        var copy = storage.create(folder.resolve(file.getFileName() + "." + from))) {
      long at = from;
      for (long read = source.read(at, buffer, STEP);
          read > 0;
          read = source.read(at, buffer, STEP)) {
        copy.writeFully(buffer, read);
        at += read;
      }
      copy.sync();
    } finally {
      NativeHeap.free(buffer);
    }
    storage.syncDirectory(folder);
    context.events().warning("The bytes that are cut off are kept in " + folder);
  }
}
