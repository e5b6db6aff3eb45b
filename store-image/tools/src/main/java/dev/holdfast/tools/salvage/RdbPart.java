package dev.holdfast.tools.salvage;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbException;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much of an RDB file, or of the preamble of an AOF, can be read.
 *
 * @param keys that were read whole
 * @param end of the last of them; of the whole preamble when it is good
 * @param writtenAt Unix seconds, where the file says it
 * @param problem why it ended early; none when it did not
 */
record RdbPart(long keys, long end, OptionalLong writtenAt, Optional<RdbException> problem) {

  /** Reads from where the source stands up to the end of the preamble. */
  static RdbPart of(ByteSource source) throws IOException {
    var ends = new Ends(source);
    try {
      new RdbReader(source).read(ends);
      return new RdbPart(ends.keys, source.offset(), ends.writtenAt, Optional.empty());
    } catch (RdbException e) {
      return new RdbPart(ends.keys, ends.end, ends.writtenAt, Optional.of(e));
    }
  }

  private static final class Ends implements RdbVisitor {
    private final ByteSource source;
    private long keys;
    private long end;
    private OptionalLong writtenAt = OptionalLong.empty();

    Ends(ByteSource source) {
      this.source = source;
    }

    @Override
    public void start(String magic, int version) {
      end = source.offset();
    }

    @Override
    public void aux(String key, String value) {
      if (key.equals("ctime") && value.matches("\\d{1,18}")) {
        writtenAt = OptionalLong.of(Long.parseLong(value));
      }
      end = source.offset();
    }

    @Override
    public void function(long address, int length) {
      end = source.offset();
    }

    @Override
    public void string(long key, int keyLength, long value, int valueLength, RdbEntry entry) {
      key();
    }

    @Override
    public boolean unsupported(long key, int keyLength, RdbEntry entry) {
      return true;
    }

    @Override
    public void skipped(RdbEntry entry) {
      key();
    }

    @Override
    public boolean keepsValues() {
      return false;
    }

    private void key() {
      keys++;
      end = source.offset();
    }
  }
}
