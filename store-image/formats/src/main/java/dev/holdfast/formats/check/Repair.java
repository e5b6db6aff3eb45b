package dev.holdfast.formats.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Cuts the damaged end of files, after the removed bytes are safe in {@code quarantine/<time>/}
 * together with the report.
 *
 * <p>Order: copy and sync, write the report and sync, sync the folders, write down what is to be
 * cut ({@link UnfinishedRepair}), truncate and sync. Killed at any moment, the next run finds the
 * damage again, or what is left to do; evidence is never lost, at worst it is there twice.
 */
public final class Repair {
  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Path dir;
  private final InstantSource clock;

  /**
   * @param dir the data folder, below which {@code quarantine} is made
   * @param clock gives the folder its name
   */
  public Repair(Path dir, InstantSource clock) {
    this.dir = dir;
    this.clock = clock;
  }

  /**
   * Does what the plan says.
   *
   * @param report with state and reason as decided
   * @return the report with what was dropped, as it lies in the quarantine
   * @throws IOException when a copy cannot be made safe, and then nothing was cut; or when a file
   *     cannot be cut
   */
  public Report apply(RepairPlan plan, Report report) throws IOException {
    var repair = begin(plan, report);
    repair.finish();
    var done = repair.report();
    repair.forget();
    return done;
  }

  /**
   * The first half: makes the evidence safe and writes down what is to be cut.
   *
   * @throws IOException when that fails, or another repair is not complete; then nothing was cut,
   *     nor will be
   */
  public UnfinishedRepair begin(RepairPlan plan, Report report) throws IOException {
    if (UnfinishedRepair.find(dir).isPresent()) {
      throw new IOException(
          "a repair of %s was cut short and is not complete; run holdfast-prepare --once on it first"
              .formatted(dir));
    }
    var folder = quarantine();
    try {
      keep(plan, report, folder);
      return UnfinishedRepair.cutting(dir, dir.relativize(folder).toString(), plan.cuts());
    } catch (IOException e) {
      remove(folder);
      throw e;
    }
  }

  /** Makes the evidence safe. */
  private void keep(RepairPlan plan, Report report, Path folder) throws IOException {
    for (var cut : plan.cuts()) {
      copyTail(cut, folder.resolve(cut.file().getFileName() + "." + cut.keep()));
    }
    var name = dir.relativize(folder).toString();
    var done =
        report.withDropped(
            new Dropped(plan.bytes(), plan.commands(), name),
            "nothing to do: %d bytes were moved to %s".formatted(plan.bytes(), name));
    write(folder.resolve("report.json"), done.toJson());
    sync(folder);
    sync(folder.getParent());
    sync(dir);
  }

  /** Half a copy is no evidence, and on a full disk it would take what room is left. */
  private static void remove(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private Path quarantine() throws IOException {
    var all = dir.resolve("quarantine");
    Files.createDirectories(all);
    for (var time = clock.instant(); ; time = time.plusMillis(1)) {
      try {
        return Files.createDirectory(all.resolve(FOLDER.format(time)));
      } catch (FileAlreadyExistsException taken) {
        // Another repair in the same millisecond: take the next one.
      }
    }
  }

  private static void copyTail(RepairPlan.Cut cut, Path target) throws IOException {
    try (var from = FileChannel.open(cut.file(), StandardOpenOption.READ);
        var to =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long size = from.size();
      if (size != cut.keep() + cut.bytes()) {
        throw new IOException(
            "%s has %d bytes, expected %d: it changed since it was checked; check it again"
                .formatted(cut.file(), size, cut.keep() + cut.bytes()));
      }
      long at = cut.keep();
      while (at < size) {
        at += from.transferTo(at, size - at, to);
      }
      to.force(true);
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
