package dev.holdfast.formats.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a repair has decided to do and may not have done to the end: {@code holdfast/repair} in the
 * data folder.
 *
 * <p>A repair of several files that is killed between two of them leaves a folder that can look
 * whole and is not: later files that follow a gap, or an old file that comes back because the newer
 * one was moved. So the steps are written down, after the evidence is safe and before the first of
 * them; whoever comes next does what is left. Each step can be done twice, and takes nothing away
 * that is not in quarantine: a tail is cut only while it is the one that was kept, and a file is
 * moved only to a place that is free.
 *
 * <p>The form is a line with the quarantine folder, then {@code cut <keep> <file>} or {@code move
 * <file>} for each step.
 */
public final class UnfinishedRepair {
  private static final int BUFFER = 64 * 1024;

  private final Path dir;
  private final String quarantine;
  private final List<String> steps;

  private UnfinishedRepair(Path dir, String quarantine, List<String> steps) {
    this.dir = dir;
    this.quarantine = quarantine;
    this.steps = steps;
  }

  /**
   * Writes down, safe from power cuts, that these tails are to be cut.
   *
   * @param quarantine folder that holds their copies already, relative to {@code dir}
   */
  static UnfinishedRepair cutting(Path dir, String quarantine, List<RepairPlan.Cut> cuts)
      throws IOException {
    var steps = new ArrayList<String>();
    // Backwards: until the last step the first damage is where a server finds it and stops.
    for (var cut : cuts.reversed()) {
      var file = dir.toAbsolutePath().relativize(cut.file().toAbsolutePath());
      steps.add("cut " + cut.keep() + " " + file);
    }
    return new UnfinishedRepair(dir, quarantine, steps).written();
  }

  /** Writes down that these files and folders are to be moved to the quarantine folder. */
  public static UnfinishedRepair moving(Path dir, String quarantine, List<String> names)
      throws IOException {
    return new UnfinishedRepair(
            dir, quarantine, names.stream().map(name -> "move " + name).toList())
        .written();
  }

  /** What a run before this one has left to do. */
  public static Optional<UnfinishedRepair> find(Path dir) throws IOException {
    try {
      var lines = Files.readAllLines(file(dir));
      return Optional.of(
          new UnfinishedRepair(dir, lines.getFirst(), lines.subList(1, lines.size())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The report of the repair, as it lies beside the evidence. */
  public Report report() throws IOException {
    return Report.parse(Files.readString(dir.resolve(quarantine).resolve("report.json")));
  }

  /** Does what is left to do. */
  public void finish() throws IOException {
    for (var step : steps) {
      var words = step.split(" ", 3);
      if (words[0].equals("cut")) {
        cut(dir.resolve(words[2]), Long.parseLong(words[1]));
      } else {
        move(step.substring(step.indexOf(' ') + 1));
      }
    }
    sync(dir.resolve(quarantine));
    sync(dir);
  }

  /** There is nothing left to do, and what was done is told. */
  public void forget() throws IOException {
    Files.deleteIfExists(file(dir));
    sync(file(dir).getParent());
  }

  private void cut(Path file, long keep) throws IOException {
    var copy = dir.resolve(quarantine).resolve(file.getFileName() + "." + keep);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var kept = FileChannel.open(copy, StandardOpenOption.READ)) {
      if (channel.size() == keep + kept.size() && endsWith(channel, keep, kept)) {
        channel.truncate(keep);
        channel.force(true);
      }
    } catch (NoSuchFileException e) {
      // Somebody took the file away; there is nothing to cut.
    }
  }

  private static boolean endsWith(FileChannel file, long from, FileChannel end) throws IOException {
    var one = ByteBuffer.allocate(BUFFER);
    var other = ByteBuffer.allocate(BUFFER);
    for (long at = 0; at < end.size(); at += BUFFER) {
      read(file, from + at, one);
      read(end, at, other);
      if (!one.equals(other)) {
        return false;
      }
    }
    return true;
  }

  private static void read(FileChannel channel, long at, ByteBuffer buffer) throws IOException {
    buffer.clear();
    while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0) {
      // until the buffer is full or the file ends
    }
    buffer.flip();
  }

  private void move(String name) throws IOException {
    var target = dir.resolve(quarantine).resolve(name);
    if (Files.exists(dir.resolve(name)) && Files.notExists(target)) {
      Files.move(dir.resolve(name), target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private UnfinishedRepair written() throws IOException {
    var text = quarantine + "\n" + String.join("\n", steps) + "\n";
    if (text.lines().count() != steps.size() + 1) {
      throw new IOException("a file name with a line end cannot be repaired: " + steps);
    }
    var file = file(dir);
    var temporary = file.resolveSibling("repair.tmp");
    Files.createDirectories(file.getParent());
    try {
      Files.writeString(temporary, text, StandardCharsets.UTF_8);
      try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      sync(file.getParent());
      sync(dir);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return this;
  }

  private static Path file(Path dir) {
    return dir.resolve("holdfast").resolve("repair");
  }

  private static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
