package dev.holdfast.tools.prepare;

import dev.holdfast.engine.persistence.DumpDifference;
import dev.holdfast.engine.persistence.EventLog;
import dev.holdfast.engine.persistence.LoadException;
import dev.holdfast.engine.persistence.PersistencePaths;
import dev.holdfast.engine.server.DumpAgainstLog;
import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.AofChecker;
import dev.holdfast.formats.check.DataFolder;
import dev.holdfast.formats.check.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Optional;

/**
 * Finds an AOF that a stock server switched off before the data changed: it leaves no mark, but an
 * RDB file that was begun later and holds other data. Where the files' times leave a doubt, the AOF
 * is loaded and compared.
 */
final class NewerSnapshot {
  private final DataFolder data;
  private final int databases;
  private final PrintStream out;

  NewerSnapshot(DataFolder data, int databases, PrintStream out) {
    this.data = data;
    this.databases = databases;
    this.out = out;
  }

  /** The check that was made, or the verdict that its files are old. */
  AofCheck judge(AofCheck check) throws IOException {
    boolean inForce = data.appendOnly() && Files.isRegularFile(data.manifest());
    if (!inForce || !check.verdict().isGood() || Files.exists(data.singleFile())) {
      return check;
    }
    var difference = difference();
    return difference.isEmpty()
        ? check
        : new AofChecker(Progress.NONE).outOfDate(data, difference.get().words());
  }

  private Optional<DumpDifference> difference() {
    var paths = new PersistencePaths(data.dir(), data.appendDirName(), data.appendFilename());
    try {
      return DumpAgainstLog.find(paths, data.dbFilename(), databases, new Lines(out));
    } catch (LoadException e) {
      out.println(
          "holdfast-prepare: %s seems to be newer than the AOF and cannot be compared with it, so the AOF is taken for good: %s"
              .formatted(data.snapshot(), e.getMessage()));
      return Optional.empty();
    }
  }

  /** Only what is wrong is of interest here: the server says the rest when it loads. */
  private record Lines(PrintStream out) implements EventLog {
    @Override
    public void notice(String line) {}

    @Override
    public void warning(String line) {
      out.println("holdfast-prepare: " + line);
    }
  }
}
