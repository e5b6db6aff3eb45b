package dev.holdfast.tools.prepare;

import dev.holdfast.formats.check.DataFolder;
import dev.holdfast.formats.check.Dropped;
import dev.holdfast.formats.check.Report;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/**
 * Moves all data files of a store to {@code quarantine/<time>/}, so that its server starts empty.
 * Renames only: it needs no space and nothing is copied.
 */
final class SetAside {

  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final DataFolder data;

  SetAside(DataFolder data) {
    this.data = data;
  }

  /** Moves the files; returns the report with what was dropped, as it lies beside them. */
  Report apply(Report report, Instant now) throws IOException {
    List<Path> sources =
        Stream.of(data.appendDirName(), data.appendFilename(), data.dbFilename())
            .map(data.dir()::resolve)
            .filter(Files::exists)
            .toList();
    Path folder = data.dir().resolve("quarantine").resolve(FOLDER.format(now));
    Files.createDirectories(folder);
    String name = data.dir().relativize(folder).toString();
    var dropped = new Dropped(report.bytesAtStake(), report.commandsAtStake(), name);
    var done = report.withDropped(dropped, "nothing to do: all data files were moved to " + name);
    Path text =
        Files.writeString(folder.resolve("report.json"), done.toJson(), StandardCharsets.UTF_8);
    sync(text, StandardOpenOption.WRITE);
    for (Path source : sources) {
      Files.move(source, folder.resolve(source.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
    sync(folder, StandardOpenOption.READ);
    sync(folder.getParent(), StandardOpenOption.READ);
    sync(data.dir(), StandardOpenOption.READ);
    return done;
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (var channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
