package dev.holdfast.tools.check;

import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.check.LogRange;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.offheap.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Checks one file of an AOF after the other and prints about each what {@code redis-check-aof}
 * prints.
 */
final class AofFileCheck {

  /** Magic and version; what is shorter the stock tool takes for commands. */
  private static final int SHORTEST_RDB = 8;

  private final CheckAofArguments arguments;
  private final InputStream in;
  private final PrintStream out;
  private final InstantSource clock;
  private final Progress progress;
  private long line = 1;

  /** Logical offset at which the file before ends; -1 when no mark says it. */
  private long logEnd = -1;

  AofFileCheck(
      CheckAofArguments arguments,
      InputStream in,
      PrintStream out,
      InstantSource clock,
      Progress progress) {
    this.arguments = arguments;
    this.in = in;
    this.out = out;
    this.clock = clock;
    this.progress = progress;
  }

  /** Whether the file starts as an RDB file, and is longer than its magic and version. */
  static boolean hasPreamble(Path file) throws IOException {
    try (var channel = FileChannel.open(file);
        var source = new ByteSource(channel, 0, 64)) {
      return startsAsRdb(source);
    }
  }

  private static boolean startsAsRdb(ByteSource source) throws IOException {
    return source.require(SHORTEST_RDB) && Preamble.detect(source) == BaseFormat.RDB;
  }

  /**
   * Checks one file and, when asked to, cuts it.
   *
   * @param kind {@code AOF}, {@code BASE AOF} or {@code INCR AOF}
   * @param name what to call the file
   * @param last whether nothing is loaded after it, so that its tail may be cut
   * @return whether it is good, or was made good
   */
  boolean check(String kind, String name, Path file, boolean last) throws IOException {
    if (!Files.exists(file)) {
      out.println("Cannot open file " + file + ": No such file or directory, aborting...");
      return false;
    }
    long size = Files.size(file);
    if (size == 0) {
      out.println(kind + " " + name + " is empty");
      return true;
    }
    try (var channel = FileChannel.open(file);
        var source = new ByteSource(new WatchedChannel(channel, name, progress))) {
      if (startsAsRdb(source) && !preambleIsGood(name, source)) {
        return false;
      }
      var scan = AofScan.of(source, channel, arguments.timestamp());
      line += scan.lines();
      if (scan.cut().isPresent()) {
        return cutToTimestamp(name, file, size, scan.okUpTo(), last);
      }
      return judge(kind, name, file, size, inOrder(scan), last);
    }
  }

  /** What the marks say about the end of the file before, they have to say about the start. */
  private AofScan inOrder(AofScan scan) {
    long start = scan.log().map(LogRange::start).orElse(-1L);
    boolean onlyBegun = start >= 0 && scan.log().get().end() == start && start <= logEnd;
    if (onlyBegun) {
      return scan;
    }
    var judged = start >= 0 && logEnd >= 0 && start != logEnd ? scan.notFollowing(logEnd) : scan;
    logEnd = scan.log().map(LogRange::end).orElse(-1L);
    return judged;
  }

  private boolean preambleIsGood(String name, ByteSource source) throws IOException {
    if (RdbLines.check(source, name, clock.millis(), out)) {
      out.println("RDB preamble is OK, proceeding with AOF tail...");
      return true;
    }
    out.println("RDB preamble of AOF file is not sane, aborting.");
    return false;
  }

  private boolean judge(String kind, String name, Path file, long size, AofScan scan, boolean last)
      throws IOException {
    long diff = size - scan.okUpTo();
    if (diff == 0 && arguments.timestamp() != 0) {
      out.println("Truncate nothing in AOF " + name + " to timestamp " + arguments.timestamp());
      out.println(kind + " " + name + " is valid");
      return true;
    }
    scan.problem().ifPresent(problem -> out.println(AofScan.describe(problem, name)));
    out.println(
        "AOF analyzed: filename=%s, size=%d, ok_up_to=%d, ok_up_to_line=%d, diff=%d"
            .formatted(name, size, scan.okUpTo(), line, diff));
    if (diff == 0) {
      out.println(kind + " " + name + " is valid");
      return true;
    }
    if (!arguments.fix()) {
      out.println("AOF " + name + " is not valid. Use the --fix option to try fixing it.");
      return false;
    }
    if (!last && !scan.isFilledAhead()) {
      out.println("Failed to truncate AOF " + name + " because it is not the last file");
      return false;
    }
    out.println(
        "This will shrink the AOF %s from %d bytes, with %d bytes, to %d bytes"
            .formatted(name, size, diff, scan.okUpTo()));
    if (!confirmed()) {
      out.println("Aborting...");
      return false;
    }
    cut(file, scan.okUpTo(), diff);
    out.println("Successfully truncated AOF " + name);
    return true;
  }

  private boolean cutToTimestamp(String name, Path file, long size, long offset, boolean last)
      throws IOException {
    long timestamp = arguments.timestamp();
    if (offset == 0) {
      out.println("AOF " + file + " has nothing before timestamp " + timestamp + ", aborting...");
      return false;
    }
    if (!last) {
      out.println(
          "Failed to truncate AOF %s to timestamp %d to offset %d because it is not the last file."
              .formatted(file, timestamp, offset));
      out.println(
          "If you insist, please delete all files after this file according to the manifest file and delete the"
              + " corresponding records in manifest file manually. Then re-run holdfast-check-aof.");
      return false;
    }
    cut(file, offset, size - offset);
    out.println("Successfully truncated AOF " + name + " to timestamp " + timestamp);
    return true;
  }

  private void cut(Path file, long keep, long bytes) throws IOException {
    new TailCut(Path.of(arguments.file()), clock, progress).cut(file, keep, bytes);
  }

  private boolean confirmed() throws IOException {
    if (arguments.yes()) {
      return true;
    }
    out.print("Continue? [y/N]: ");
    out.flush();
    int answer = in.read();
    return answer == 'y' || answer == 'Y';
  }
}
