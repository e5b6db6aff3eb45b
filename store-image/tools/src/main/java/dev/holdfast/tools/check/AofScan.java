package dev.holdfast.tools.check;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.Problem;
import dev.holdfast.formats.check.LogRange;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One pass over commands as {@code redis-check-aof} makes it: up to the first damage, or to the
 * first time stamp after a wanted one.
 *
 * @param okUpTo end of the last complete command outside of a transaction
 * @param lines line ends that were understood, those of a damaged command included
 * @param problem why it ended early; none when it did not
 * @param cut where to cut so that nothing after the wanted time remains; none when no later time
 *     stamp was met
 * @param log what the marks of a log of ours say
 */
record AofScan(
    long okUpTo, long lines, Optional<Problem> problem, OptionalLong cut, Optional<LogRange> log) {

  /**
   * @param source stands behind a preamble, if there is one
   * @param channel the same file, for a second look at the damaged command
   * @param timestamp Unix seconds; 0 when time stamps do not matter
   * @throws IOException also for a time stamp that cannot be read, when they matter
   */
  static AofScan of(ByteSource source, FileChannel channel, long timestamp) throws IOException {
    var groups = new GroupReader(source, AofLimits.CHECK);
    var reader = groups.item();
    long lines = 0;
    long good = groups.lastGoodOffset();
    Item item;
    while ((item = groups.next()) == Item.COMMAND || item == Item.ANNOTATION) {
      if (item == Item.COMMAND) {
        lines += 1 + 2L * reader.argCount();
      } else if (timestamp != 0 && isStamp(reader) && seconds(reader) > timestamp) {
        return new AofScan(good, lines, Optional.empty(), OptionalLong.of(good), Optional.empty());
      }
      good = groups.lastGoodOffset();
    }
    var problem = Optional.ofNullable(groups.problem());
    if (problem.isPresent()) {
      lines += LineEnds.of(channel, reader.offset());
    }
    return new AofScan(groups.lastGoodOffset(), lines, problem, OptionalLong.empty(), log(groups));
  }

  private static Optional<LogRange> log(GroupReader groups) {
    return groups.hasLines()
        ? Optional.of(new LogRange(groups.startOffset(), groups.offset(), groups.durable()))
        : Optional.empty();
  }

  /** Whether only zeros follow what is good, which our server filled the log ahead with. */
  boolean isFilledAhead() {
    return log.isPresent()
        && problem.filter(found -> found.zeros() && found.offset() == okUpTo).isPresent();
  }

  /**
   * The same file where the one before it ends at another logical offset than the one at which this
   * one begins: nothing of it can be loaded.
   *
   * @param end of the file before
   */
  AofScan notFollowing(long end) {
    var why =
        new Problem(
            false,
            0,
            "a file that begins at logical offset "
                + end
                + " of the log, where the one before ends",
            "one that begins at " + log.orElseThrow().start());
    return new AofScan(0, lines, Optional.of(why), OptionalLong.empty(), log);
  }

  private static boolean isStamp(AofReader reader) {
    long text = reader.argAddress(0);
    return reader.argLength(0) >= 3
        && Raw.getByte(text) == 'T'
        && Raw.getByte(text + 1) == 'S'
        && Raw.getByte(text + 2) == ':';
  }

  private static long seconds(AofReader reader) throws IOException {
    if (reader.timestamp() < 0) {
      throw new IOException(
          "Invalid timestamp annotation at offset %d: expected #TS: and the Unix time in seconds; cut at another place, or repair the line"
              .formatted(reader.offset()));
    }
    return reader.timestamp();
  }

  /** What the stock tool would print about the problem, with our facts. */
  static String describe(Problem problem, String name) {
    return problem.expected().equals("'*'")
        ? "AOF %s format error: %s".formatted(name, problem.message())
        : "0x%16x: %s".formatted(problem.offset(), problem.message());
  }
}
