package dev.holdfast.engine.persistence;

import dev.holdfast.engine.aof.AofFiles;
import dev.holdfast.engine.storage.FileInput;
import dev.holdfast.engine.storage.FileTimes;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbException;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A {@code dump.rdb} that was begun after the last byte of the append-only file was written.
 *
 * <p>While the AOF is on, each effect reaches it, so such a dump holds the same data: {@code SAVE},
 * {@code SHUTDOWN} with save points, or a {@code BGSAVE} before silence. When it holds other data,
 * the AOF was switched off before, and its files are stale. So the times say cheaply that nothing
 * is wrong, and otherwise {@link DumpComparison} has to look at the data.
 *
 * <p>When a dump was begun stands in it in seconds ({@code ctime}); the time at which its file was
 * made says it exactly, and is believed when it falls into that second or a neighbour of it (a copy
 * has another one). A dump without {@code ctime}, and files whose times a copy has made new, say
 * nothing.
 *
 * @param begun when its data was taken; at the latest, where only the second is known
 * @param logWritten when the last byte of the AOF was written
 */
public record NewerDump(Path file, Instant begun, Instant logWritten) {

  /** Looks at times only. */
  static Optional<NewerDump> find(Storage storage, AofFiles files, Manifest manifest, Path dump)
      throws IOException {
    if (!storage.exists(dump)) {
      return Optional.empty();
    }
    var times = storage.times(dump);
    var created = creation(storage, dump);
    var logWritten = lastWritten(storage, files, manifest);
    if (times.isEmpty() || created.isEmpty() || logWritten.isEmpty()) {
      return Optional.empty();
    }
    var begun = begun(created.get(), times.get());
    return logWritten.get().isAfter(begun) || isBaseYounger(storage, files, manifest, created.get())
        ? Optional.empty()
        : Optional.of(new NewerDump(dump, begun, logWritten.get()));
  }

  private static Instant begun(Instant second, FileTimes times) {
    var made = times.made();
    boolean believed =
        !made.isBefore(second.minusSeconds(1)) && made.isBefore(second.plusSeconds(2));
    return believed ? made : second.plus(Duration.ofSeconds(1)).minusNanos(1);
  }

  private static Optional<Instant> lastWritten(Storage storage, AofFiles files, Manifest manifest)
      throws IOException {
    Optional<Instant> last = Optional.empty();
    for (var file : manifest.replayed()) {
      var path = files.file(file.name());
      var times = storage.exists(path) ? storage.times(path) : Optional.<FileTimes>empty();
      if (times.isPresent() && last.filter(times.get().written()::isBefore).isEmpty()) {
        last = Optional.of(times.get().written());
      }
    }
    return last;
  }

  /** A base that was begun later holds what the dump holds, also when its files were copied. */
  private static boolean isBaseYounger(
      Storage storage, AofFiles files, Manifest manifest, Instant dumpCreated) throws IOException {
    if (manifest.base().isEmpty()) {
      return false;
    }
    var base = files.file(manifest.base().get().name());
    return storage.exists(base)
        && creation(storage, base).filter(dumpCreated::isBefore).isPresent();
  }

  /** The second that an RDB file says it was begun in. */
  private static Optional<Instant> creation(Storage storage, Path rdb) throws IOException {
    var header = new Header();
    try (var file = storage.openForRead(rdb);
        var input = new FileInput(file);
        var source = new ByteSource(input)) {
      if (source.fill() && Preamble.detect(source) == BaseFormat.RDB) {
        new RdbReader(source).read(header);
      }
    } catch (HeaderEnds | RdbException e) {
      // What is behind the header is not looked at.
    }
    return Optional.ofNullable(header.creation);
  }

  private static final class HeaderEnds extends RuntimeException {
    private static final long serialVersionUID = 1;

    HeaderEnds() {
      super(null, null, false, false);
    }
  }

  private static final class Header implements RdbVisitor {
    private Instant creation;

    @Override
    public void aux(String key, String value) {
      if (key.equals("ctime")) {
        try {
          creation = Instant.ofEpochSecond(Long.parseLong(value));
        } catch (NumberFormatException e) {
          throw new HeaderEnds();
        }
      }
    }

    @Override
    public void selectDb(long database) {
      throw new HeaderEnds();
    }

    @Override
    public void string(long key, int keyLength, long value, int valueLength, RdbEntry entry) {
      throw new HeaderEnds();
    }

    @Override
    public boolean unsupported(long key, int keyLength, RdbEntry entry) {
      throw new HeaderEnds();
    }

    @Override
    public void function(long address, int length) {
      throw new HeaderEnds();
    }
  }
}
