package dev.holdfast.formats.check;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbException;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbTypes;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Checks an RDB file, streaming and in constant memory, and counts what is in it. */
public final class RdbChecker {
  private static final long PROGRESS_STEP = 16 << 20;
  private static final int MAX_AUX_FIELDS = 1000;

  private final InstantSource clock;
  private final Progress progress;

  /**
   * @param clock tells which keys have expired already
   */
  public RdbChecker(InstantSource clock, Progress progress) {
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * @throws IOException when the disk fails; damage is part of the result
   */
  public RdbCheck check(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ);
        var source = new ByteSource(channel)) {
      var counter = new Counter(path, source, channel.size(), clock.millis());
      try {
        new RdbReader(source).read(counter);
        if (source.available() > 0 || source.fill()) {
          return counter.result(
              OptionalLong.of(source.offset()),
              "expected the end of the file at offset %d, found more bytes"
                  .formatted(source.offset()));
        }
        return counter.result(OptionalLong.empty(), "");
      } catch (RdbException e) {
        return counter.result(OptionalLong.of(e.offset()), e.getMessage());
      }
    }
  }

  private final class Counter implements RdbVisitor {
    private final Path path;
    private final ByteSource source;
    private final long size;
    private final long now;
    private final Map<Long, Long> byDatabase = new TreeMap<>();
    private final Map<String, Long> byType = new TreeMap<>();
    private final Map<String, String> aux = new LinkedHashMap<>();
    private int version;
    private long keys;
    private long expires;
    private long expired;
    private long functions;
    private Optional<Checksum> checksum = Optional.empty();
    private long nextProgress = PROGRESS_STEP;

    Counter(Path path, ByteSource source, long size, long now) {
      this.path = path;
      this.source = source;
      this.size = size;
      this.now = now;
    }

    RdbCheck result(OptionalLong errorOffset, String message) {
      return new RdbCheck(
          path,
          size,
          version,
          keys,
          expires,
          expired,
          functions,
          byDatabase,
          byType,
          aux,
          checksum,
          errorOffset,
          message);
    }

    @Override
    public void start(String magic, int fileVersion) {
      version = fileVersion;
    }

    @Override
    public void aux(String key, String value) {
      if (aux.size() < MAX_AUX_FIELDS) {
        aux.put(key, value);
      }
    }

    @Override
    public void string(
        long keyAddress, int keyLength, long value, int valueLength, RdbEntry entry) {
      count(entry);
    }

    @Override
    public boolean unsupported(long keyAddress, int keyLength, RdbEntry entry) {
      return true;
    }

    @Override
    public void skipped(RdbEntry entry) {
      count(entry);
    }

    @Override
    public void function(long address, int length) {
      functions++;
    }

    @Override
    public boolean keepsValues() {
      return false;
    }

    @Override
    public void end(Checksum found) {
      checksum = Optional.of(found);
    }

    private void count(RdbEntry entry) {
      keys++;
      byDatabase.merge(entry.database(), 1L, Long::sum);
      byType.merge(RdbTypes.name(entry.type()), 1L, Long::sum);
      if (entry.expireAtMillis() >= 0) {
        expires++;
        if (entry.expireAtMillis() < now) {
          expired++;
        }
      }
      if (source.offset() >= nextProgress) {
        progress.at(path.getFileName().toString(), source.offset(), size);
        nextProgress = source.offset() + PROGRESS_STEP;
      }
    }
  }
}
