package dev.holdfast.image;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system whose power can be cut, made by the script {@code crash-disk}. Needs root, loop
 * devices and the tools of two file systems: where they are missing, the test is skipped.
 */
final class CrashDisk implements AutoCloseable {
  /** Where the scripts are; otherwise beside the checkout. */
  private static final String FOLDER = "HOLDFAST_PEERS";

  private final Path home;
  private final Path disk;
  private final Path copy;

  private CrashDisk(Path home) {
    this.home = home;
    this.disk = home.resolve("disk");
    this.copy = home.resolve("copy");
  }

  /** A new disk, or the test is skipped. */
  static CrashDisk make() throws IOException {
    needs("crash-disk");
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "crash-disk needs root for loop devices");
    var disk = new CrashDisk(Files.createTempDirectory("crash-disk-"));
    var said = disk.run("make", disk.disk.toString(), "192");
    if (said != null) {
      disk.close();
      assumeTrue(false, "crash-disk cannot make a disk here: " + said);
    }
    return disk;
  }

  /** The script, or the test is skipped. */
  static Path needs(String script) {
    var set = System.getenv(FOLDER);
    var folder = set != null ? Path.of(set) : Path.of("../../../shared/peers");
    var path = folder.resolve(script);
    assumeTrue(
        Files.isExecutable(path),
        "%s not found; set %s to the folder that has it".formatted(path, FOLDER));
    return path.toAbsolutePath();
  }

  Path folder() {
    return disk;
  }

  /** What a power cut at this moment leaves, until the next cut. The disk itself goes on. */
  Path cut() {
    var said = run("cut", disk.toString(), copy.toString());
    if (said != null) {
      throw new AssertionError("crash-disk cut: " + said);
    }
    return copy;
  }

  /** Null, or what the script said when it failed. */
  private String run(String what, String... arguments) {
    var command = new ArrayList<String>(List.of(needs("crash-disk").toString(), what));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CRASH_POOL", home.resolve("pool").toString());
    try {
      var process = builder.start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? null : said;
    } catch (IOException e) {
      return e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    run("remove", copy.toString(), disk.toString());
    Files.deleteIfExists(home);
  }
}
