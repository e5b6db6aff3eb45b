package dev.holdfast.tools.salvage;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.offheap.ByteSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.OptionalLong;

/**
 * {@code holdfast-check-aof --truncate-to-timestamp T --into DIR}: writes what had happened up to a
 * time to a new data folder, over as many files as there are, and leaves the old ones as they are.
 *
 * <p>It ends before the first time stamp above the time, and never inside a transaction. A base
 * that was written later than that cannot be taken back in time: that is said, and nothing is
 * written.
 */
public final class TimeCut {
  private static final long PROGRESS_STEP = 16 << 20;

  private final Path dir;
  private final long time;
  private final PrintStream out;
  private final Progress progress;

  /**
   * @param dir the new data folder
   * @param time in Unix seconds
   */
  public TimeCut(Path dir, long time, PrintStream out, Progress progress) {
    this.dir = dir;
    this.time = time;
    this.out = out;
    this.progress = progress;
  }

  /** A file and how much of it is taken. */
  private record Piece(Source.Part part, long preamble, long end, boolean last) {}

  /**
   * Does it.
   *
   * @param target a manifest, or a single file
   * @param manifest whether it is a manifest
   * @return whether there was anything up to that time
   * @throws IOException when a file is damaged or missing before the time is reached, or the new
   *     folder is not empty; then there is no AOF in it
   */
  public boolean run(Path target, boolean manifest) throws IOException {
    var source = Source.of(target, manifest);
    if (source.problem().isPresent()) {
      throw new IOException(source.problem().get() + "; use --salvage to take what there is");
    }
    var pieces = new ArrayList<Piece>();
    for (var part : source.files()) {
      var piece = piece(part);
      if (piece.last() && piece.end() == 0 && pieces.isEmpty()) {
        out.println(
            "AOF " + part.path() + " has nothing before timestamp " + time + ", aborting...");
        return false;
      }
      pieces.add(piece);
      if (piece.last()) {
        break;
      }
    }
    write(source, pieces);
    return true;
  }

  private void write(Source source, ArrayList<Piece> pieces) throws IOException {
    var aof = new NewAof(dir, source.appendDirName(), source.names());
    for (var piece : pieces) {
      var name = piece.part().file().name();
      try (var channel = FileChannel.open(piece.part().path())) {
        aof.add(
            piece.part().file(),
            sink -> {
              sink.copy(channel, 0, piece.preamble());
              new CommandPart(channel, name, new Losses(), sink, progress)
                  .keep(piece.preamble(), piece.end());
            });
        out.println("%s: %d of %d bytes".formatted(name, piece.end(), channel.size()));
      }
    }
    var written = aof.finish();
    if (!pieces.getLast().last()) {
      out.println("Nothing is later than timestamp " + time + ": everything was taken");
    }
    out.println("Successfully truncated to timestamp " + time + " into " + written);
  }

  private Piece piece(Source.Part part) throws IOException {
    try (var channel = FileChannel.open(part.path());
        var source = new ByteSource(channel)) {
      long preamble = 0;
      if (Preamble.detect(source) == BaseFormat.RDB) {
        preamble = preamble(part, source);
        if (preamble < 0) {
          return new Piece(part, 0, 0, true);
        }
      }
      var reader = new GroupReader(source, AofLimits.CHECK);
      long start = source.offset();
      long nextProgress = start;
      while (true) {
        long good = Math.max(start, reader.item().lastGoodOffset());
        switch (reader.next()) {
          case ANNOTATION -> {
            if (reader.item().timestamp() > time) {
              return new Piece(part, preamble, good, true);
            }
          }
          case COMMAND -> {
            if (good >= nextProgress) {
              progress.at(part.file().name(), good, channel.size());
              nextProgress = good + PROGRESS_STEP;
            }
          }
          case END -> {
            return new Piece(part, preamble, channel.size(), false);
          }
          case TRUNCATED, CORRUPT ->
              throw new IOException(
                  "%s is damaged before timestamp %d is reached: %s; use --fix or --salvage first"
                      .formatted(part.path(), time, reader.problem().message()));
        }
      }
    }
  }

  /** Where the preamble ends; -1 when it was written later than the time. */
  private long preamble(Source.Part part, ByteSource source) throws IOException {
    var rdb = RdbPart.of(source);
    if (rdb.problem().isPresent()) {
      throw new IOException(
          "%s: %s; use --salvage to take what there is"
              .formatted(part.path(), rdb.problem().get().getMessage()));
    }
    OptionalLong written = rdb.writtenAt();
    if (written.isPresent() && written.getAsLong() > time) {
      out.println(
          "The base %s was written at %d, so what was there before is in older files or a backup only"
              .formatted(part.file().name(), written.getAsLong()));
      return -1;
    }
    return rdb.end();
  }
}
