package dev.holdfast.engine.persistence;

import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.offheap.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Holds what the lines of a log say about durability against the simulated disk: whatever they call
 * durable must be there after any power cut, in a file whose name lasts.
 */
final class Claims {
  private static final Path MANIFEST = SimServer.FOLDER.resolve("appendonly.aof.manifest");

  /**
   * What the lines of a file say: where it begins, how far it goes, and what is durable, in offsets
   * of the log and of the file.
   */
  private record Said(long start, long end, long durable, long durableTo) {
    static Said of(byte[] content) {
      try (var source =
          new ByteSource(Channels.newChannel(new ByteArrayInputStream(content)), 0, 4096)) {
        var reader = new GroupReader(source, AofLimits.CHECK);
        Item item;
        do {
          item = reader.next();
        } while (item == Item.COMMAND || item == Item.ANNOTATION);
        return new Said(
            reader.startOffset(), reader.offset(), reader.durable(), reader.durableTo());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final SimStorage disk;

  Claims(SimStorage disk) {
    this.disk = disk;
  }

  /** Throws an {@link AssertionError} that names the file when a line claims too much. */
  void check() {
    Path before = null;
    for (var file : incrementalFiles()) {
      check(file, before);
      before = file;
    }
  }

  /** Those that the manifest names, in their order, as the process sees them. */
  private List<Path> incrementalFiles() {
    return disk.paths().stream()
        .filter(path -> path.getParent().equals(SimServer.FOLDER))
        .filter(path -> isNamed(disk.exists(MANIFEST) ? disk.content(MANIFEST) : null, path, ""))
        .sorted(
            Comparator.comparing((Path path) -> path.toString().length())
                .thenComparing(path -> path))
        .toList();
  }

  private void check(Path file, Path before) {
    var said = Said.of(disk.content(file));
    var bytes = disk.lasting(file);
    if (said.durableTo() > (bytes == null ? 0 : bytes.length)) {
      throw new AssertionError(
          "%s calls its bytes up to %d durable, but only %d last"
              .formatted(file, said.durableTo(), bytes == null ? 0 : bytes.length));
    }
    if (said.durable() > said.start()) {
      if (!isNamed(disk.lasting(MANIFEST), file, "")) {
        throw new AssertionError(
            "%s calls its offset %d durable, but no manifest that lasts names it"
                .formatted(file, said.durable()));
      }
      require(file, file, said.durable());
    }
    // What a rewrite has replaced is in its base, and a file without a name in force counts
    // nothing.
    if (said.durable() >= 0
        && before != null
        && isNamed(disk.lasting(MANIFEST), file, "i")
        && isNamed(disk.lasting(MANIFEST), before, "i")) {
      var earlier = Said.of(disk.content(before));
      require(file, before, Math.min(said.start(), Math.min(said.durable(), earlier.end())));
    }
  }

  /** Whether the manifest names the file, with a type that begins so. */
  private static boolean isNamed(byte[] manifest, Path file, String type) {
    return manifest != null
        && new String(manifest, StandardCharsets.ISO_8859_1)
            .lines()
            .anyMatch(
                line ->
                    line.startsWith("file " + file.getFileName() + " ")
                        && line.contains(" type " + type));
  }

  private void require(Path who, Path file, long offset) {
    var bytes = disk.lasting(file);
    long lasting = bytes == null ? -1 : Said.of(bytes).end();
    if (lasting < offset) {
      throw new AssertionError(
          "%s calls offset %d durable, but %s lasts only up to %d"
              .formatted(who, offset, file, lasting));
    }
  }
}
