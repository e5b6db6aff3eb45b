package dev.holdfast.tools.salvage;

import dev.holdfast.formats.aof.AofNames;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A multi-part AOF that is being written to a new data folder. Nothing names its files before they
 * are complete and durable: the manifest comes last.
 */
final class NewAof {
  private static final int BUFFER = 1 << 20;

  private final Path dir;
  private final Path folder;
  private final AofNames names;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final List<ManifestFile> incr = new ArrayList<>();
  private Optional<ManifestFile> base = Optional.empty();
  private long bytes;

  /**
   * @param dir the new data folder; must not exist, or be empty
   */
  NewAof(Path dir, String appendDirName, AofNames names) throws IOException {
    Files.createDirectories(dir);
    try (var files = Files.list(dir)) {
      if (files.findAny().isPresent()) {
        throw new IOException(dir + " is not empty; name a new folder");
      }
    }
    this.dir = dir;
    this.folder = Files.createDirectory(dir.resolve(appendDirName));
    this.names = names;
  }

  /** Who writes one file. */
  interface Content {
    void writeTo(Sink sink) throws IOException;
  }

  /** Takes ranges of other files, and bytes. */
  final class Sink {
    private final OutputStream out;

    private Sink(OutputStream out) {
      this.out = out;
    }

    void copy(FileChannel from, long start, long end) throws IOException {
      long at = start;
      while (at < end) {
        buffer.clear().limit((int) Math.min(BUFFER, end - at));
        int read = from.read(buffer, at);
        if (read < 0) {
          throw new IOException("the file became shorter while it was read; stop who writes to it");
        }
        byte[] chunk = new byte[read];
        buffer.flip().get(chunk);
        write(chunk);
        at += read;
      }
    }

    void write(byte[] some) throws IOException {
      out.write(some);
      bytes += some.length;
    }
  }

  /** Writes one file and notes it for the manifest. Files come in the order of loading. */
  void add(ManifestFile file, Content content) throws IOException {
    try (var channel =
            FileChannel.open(
                folder.resolve(file.name()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
        var out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
      content.writeTo(new Sink(out));
      out.flush();
      channel.force(true);
    }
    if (file.type() == ManifestFile.Type.BASE) {
      base = Optional.of(new ManifestFile(file.name(), file.seq(), file.type()));
    } else {
      incr.add(new ManifestFile(file.name(), file.seq(), file.type()));
    }
  }

  /** Bytes written so far. */
  long bytes() {
    return bytes;
  }

  /** Writes the manifest: from now on it is an AOF. Returns where it is. */
  Path finish() throws IOException {
    Path manifest = folder.resolve(names.manifest());
    Files.write(manifest, new Manifest(base, List.of(), incr).encode());
    for (Path path : List.of(manifest, folder, dir)) {
      try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
    return manifest;
  }
}
