package dev.holdfast.tools.salvage;

import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.ManifestFile;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.Crc64;
import dev.holdfast.formats.offheap.NativeBuffer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code holdfast-check-aof --salvage}: writes everything of a damaged AOF that can be read to a
 * new data folder, as an AOF that any server opens, and says what it left out. The damaged files
 * stay as they are.
 *
 * <p>It is for data that would otherwise be lost, not for a normal start: commands behind a gap may
 * build on what was in it, and those that do are named.
 */
public final class Salvage {
  private static final int EOF = 0xff;
  private static final int STEP = 1 << 20;

  /** What was taken of one file. */
  record Taken(String name, boolean base, long size, long goodBytes, long entries) {}

  /**
   * What came of it.
   *
   * @param problem why the files were taken by their names
   * @param written the new manifest
   * @param open the server's options that open it
   */
  record Result(
      Optional<String> problem,
      Optional<Path> written,
      long keys,
      long commands,
      long bytes,
      List<Taken> files,
      List<String> open) {}

  private final Path dir;
  private final PrintStream out;
  private final boolean json;
  private final Progress progress;
  private final List<Taken> files = new ArrayList<>();
  private final Losses losses = new Losses();
  private long keys;
  private long commands;

  /**
   * @param dir the new data folder
   * @param json tell what came of it as JSON and nothing else
   */
  public Salvage(Path dir, PrintStream out, boolean json, Progress progress) {
    this.dir = dir;
    this.out = out;
    this.json = json;
    this.progress = progress;
  }

  /**
   * Does it.
   *
   * @param target a manifest, there or gone, or a single file
   * @param manifest whether the target is a manifest by its content
   * @return whether there was anything to take
   * @throws IOException when the disk fails, or the new folder is not empty
   */
  public boolean run(Path target, boolean manifest) throws IOException {
    var source = Source.of(target, manifest);
    var aof = new NewAof(dir, source.appendDirName(), source.names());
    for (var part : source.files()) {
      rescue(part, aof);
    }
    boolean any = keys + commands > 0;
    var written = any ? Optional.of(aof.finish()) : Optional.<Path>empty();
    var open =
        List.of(
            "--dir",
            dir.toString(),
            "--appenddirname",
            source.appendDirName(),
            "--appendfilename",
            source.names().appendFilename(),
            "--appendonly",
            "yes");
    var result =
        new Result(
            source.problem(), written, keys, commands, aof.bytes(), files, any ? open : List.of());
    if (json) {
      out.print(SalvageJson.write(result, losses));
    } else {
      tell(result);
    }
    return any;
  }

  private void rescue(Source.Part part, NewAof aof) throws IOException {
    var file = part.file();
    if (!Files.isRegularFile(part.path())) {
      losses.skip(file.name(), 0, 0, "the file is missing");
      return;
    }
    long before = keys + commands;
    aof.add(file, sink -> rescue(part.path(), file, sink));
    long size = Files.size(part.path());
    files.add(
        new Taken(
            file.name(),
            file.type() == ManifestFile.Type.BASE,
            size,
            size - lost(file.name()),
            keys + commands - before));
  }

  private long lost(String file) {
    return losses.skipped().stream()
        .filter(skipped -> skipped.file().equals(file))
        .mapToLong(skipped -> skipped.to() - skipped.from())
        .sum();
  }

  private void rescue(Path path, ManifestFile file, NewAof.Sink sink) throws IOException {
    try (var channel = FileChannel.open(path);
        var source = new ByteSource(channel)) {
      long start = 0;
      if (Preamble.detect(source) == BaseFormat.RDB) {
        var rdb = RdbPart.of(source);
        keys += rdb.keys();
        sink.copy(channel, 0, rdb.end());
        if (rdb.problem().isPresent()) {
          sink.write(rdbEnd(channel, rdb.end()));
          losses.skip(file.name(), rdb.end(), channel.size(), rdb.problem().get().getMessage());
          return;
        }
        start = rdb.end();
      }
      commands += new CommandPart(channel, file.name(), losses, sink, progress).rescue(start);
    }
  }

  /** What makes the first bytes of an RDB file a whole one: its end and its checksum. */
  private static byte[] rdbEnd(FileChannel channel, long length) throws IOException {
    long crc = 0;
    try (var bytes = new NativeBuffer(STEP)) {
      for (long at = 0; at < length; ) {
        var chunk = ByteBuffer.allocate((int) Math.min(STEP, length - at));
        at += channel.read(chunk, at);
        bytes.clear();
        bytes.put(java.util.Arrays.copyOf(chunk.array(), chunk.position()));
        crc = Crc64.update(crc, bytes.address(), bytes.length());
      }
      bytes.clear();
      bytes.put((byte) EOF);
      crc = Crc64.update(crc, bytes.address(), 1);
    }
    return ByteBuffer.allocate(9)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) EOF)
        .putLong(crc)
        .array();
  }

  private void tell(Result result) {
    result
        .problem()
        .ifPresent(problem -> out.println("The files are taken by their names: " + problem));
    for (var taken : files) {
      out.println(
          "%s AOF %s: %d of %d bytes are good, with %d keys or commands"
              .formatted(
                  taken.base() ? "BASE" : "INCR",
                  taken.name(),
                  taken.goodBytes(),
                  taken.size(),
                  taken.entries()));
    }
    if (result.written().isEmpty()) {
      out.println("Nothing could be read; there is no AOF in " + dir);
      return;
    }
    tellLosses();
    out.println(
        "Salvaged %d keys and %d commands, %d bytes, to %s"
            .formatted(keys, commands, result.bytes(), result.written().get()));
    out.println("Open it with: " + String.join(" ", result.open()));
  }

  private void tellLosses() {
    for (var skipped : losses.skipped()) {
      out.println(
          "Skipped %d bytes of %s, from offset %d to %d: %s"
              .formatted(
                  skipped.to() - skipped.from(),
                  skipped.file(),
                  skipped.from(),
                  skipped.to(),
                  skipped.reason()));
    }
    long more = losses.skippedRanges() - losses.skipped().size();
    if (more > 0) {
      out.println("Skipped " + more + " more ranges");
    }
    for (var doubtful : losses.doubtful()) {
      out.println(
          "Not safe to replay over a gap: %s, %d times, the first at offset %d of %s%s"
              .formatted(
                  doubtful.name(),
                  doubtful.count(),
                  doubtful.offset(),
                  doubtful.file(),
                  doubtful.key().isEmpty() ? "" : ", key '" + doubtful.key() + "'"));
    }
    if (losses.withoutSelect() > 0) {
      out.println(
          "%d commands behind a gap name no database: they go to the one that was selected before it"
              .formatted(losses.withoutSelect()));
    }
    if (losses.isAny()) {
      out.println("Skipped in all: %d bytes".formatted(losses.skippedBytes()));
    }
  }
}
