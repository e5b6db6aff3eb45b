package dev.holdfast.tools.prepare;

import dev.holdfast.formats.check.DataFolder;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.State;
import dev.holdfast.formats.check.Verdict;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The report about data that cannot be read: no permission, a bad block, a broken identity. */
final class Unreadable {

  private Unreadable() {}

  /** The file that a failure names, below the data folder where it lies there. */
  static Optional<String> file(DataFolder data, IOException failure) {
    if (failure instanceof FileSystemException e && e.getFile() != null) {
      var path = Path.of(e.getFile());
      return Optional.of(
          path.startsWith(data.dir()) && !path.equals(data.dir())
              ? data.dir().relativize(path).toString()
              : path.toString());
    }
    return Optional.empty();
  }

  static Report report(Optional<String> file, String message, Instant now, String action) {
    var none = OptionalLong.empty();
    var reason = Reason.NOT_REPAIRABLE;
    return new Report(
        Report.idOf(Verdict.UNREADABLE, reason, file, none, List.of()),
        now,
        Preparation.TOOL,
        Verdict.UNREADABLE,
        State.PARKED,
        reason,
        file,
        none,
        0,
        0,
        0,
        Optional.empty(),
        message,
        action,
        Optional.empty(),
        List.of());
  }
}
