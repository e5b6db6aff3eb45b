package dev.holdfast.tools.prepare;

import dev.holdfast.formats.check.DataFolder;
import dev.holdfast.formats.check.Dropped;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.UnfinishedRepair;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/**
 * Moves all data files of a store to {@code quarantine/<time>/}, so that its server starts empty.
 * Renames only: it needs next to no space and nothing is copied.
 */
final class SetAside {

  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final DataFolder data;

  SetAside(DataFolder data) {
    this.data = data;
  }

  /**
   * Writes the report to where the files will lie, and down what is to be moved.
   *
   * @throws IOException when that fails; then nothing was moved, nor will be
   */
  UnfinishedRepair begin(Report report, Instant now) throws IOException {
    List<String> sources =
        Stream.of(data.appendDirName(), data.appendFilename(), data.dbFilename())
            .filter(name -> Files.exists(data.dir().resolve(name)))
            .toList();
    Path folder = folder(now);
    String name = data.dir().relativize(folder).toString();
    var dropped = new Dropped(report.bytesAtStake(), report.commandsAtStake(), name);
    var done = report.withDropped(dropped, "nothing to do: all data files were moved to " + name);
    Path text =
        Files.writeString(folder.resolve("report.json"), done.toJson(), StandardCharsets.UTF_8);
    sync(text, StandardOpenOption.WRITE);
    sync(folder, StandardOpenOption.READ);
    sync(folder.getParent(), StandardOpenOption.READ);
    return UnfinishedRepair.moving(data.dir(), name, sources);
  }

  private Path folder(Instant now) throws IOException {
    var all = data.dir().resolve("quarantine");
    Files.createDirectories(all);
    for (var time = now; ; time = time.plusMillis(1)) {
      try {
        return Files.createDirectory(all.resolve(FOLDER.format(time)));
      } catch (FileAlreadyExistsException taken) {
        // Another repair in the same millisecond: take the next one.
      }
    }
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (var channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
