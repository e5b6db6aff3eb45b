package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where to cut a file so that only what happened up to a time remains. */
public sealed interface TimestampCut {
  /**
   * The first {@code #TS:} annotation above the time lies here, or inside a transaction or a group
   * of ours that starts here.
   */
  record At(long offset) implements TimestampCut {}

  /** Already the first byte of the file is later than the time. */
  record NothingBefore() implements TimestampCut {}

  /** No annotation is later than the time. */
  record NothingAfter() implements TimestampCut {}

  /** The file is damaged before such an annotation was found. */
  record Damaged(long offset, String message) implements TimestampCut {}

  /**
   * Looks for the first annotation above {@code unixSeconds}.
   *
   * @throws IOException when the disk fails, or an RDB preamble is damaged
   */
  static TimestampCut find(Path file, long unixSeconds) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ);
        var source = new ByteSource(channel)) {
      if (Preamble.detect(source) == BaseFormat.RDB) {
        new RdbReader(source).read(new Skip());
      }
      var reader = new GroupReader(source, AofLimits.CHECK);
      while (true) {
        long good = reader.lastGoodOffset();
        switch (reader.next()) {
          case ANNOTATION -> {
            if (reader.item().timestamp() > unixSeconds) {
              return good == 0 ? new NothingBefore() : new At(good);
            }
          }
          case COMMAND -> {}
          case END -> {
            return new NothingAfter();
          }
          case TRUNCATED, CORRUPT -> {
            return new Damaged(good, reader.problem().message());
          }
        }
      }
    }
  }

  /** Passes an RDB preamble by. */
  final class Skip implements RdbVisitor {
    private Skip() {}

    @Override
    public void string(long key, int keyLength, long value, int valueLength, RdbEntry entry) {}

    @Override
    public boolean unsupported(long key, int keyLength, RdbEntry entry) {
      return true;
    }

    @Override
    public boolean keepsValues() {
      return false;
    }
  }
}
