package dev.holdfast.tools.check;

import dev.holdfast.formats.check.Progress;
import dev.holdfast.formats.check.RdbChecker;
import dev.holdfast.formats.offheap.ByteSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * {@code holdfast-check-rdb}: takes the place of {@code redis-check-rdb}, with its argument, exit
 * codes and lines. It exits with 0 for a good file and 1 for anything else.
 */
public final class CheckRdb {

  private static final String USAGE = "Usage: holdfast-check-rdb [--report json] <rdb-file-name>";

  private CheckRdb() {}

  /** The program. */
  public static void main(String[] args) {
    var bar = ProgressBar.ofThisProcess();
    var out = bar.map(visible -> visible.guard(System.out)).orElse(System.out);
    Progress progress = bar.<Progress>map(visible -> visible).orElse(Progress.NONE);
    System.exit(run(args, out, System.err, InstantSource.system(), progress));
  }

  /** The program without the process: returns the exit code. */
  public static int run(String[] args, PrintStream out, PrintStream err, InstantSource clock) {
    return run(args, out, err, clock, Progress.NONE);
  }

  private static int run(
      String[] args, PrintStream out, PrintStream err, InstantSource clock, Progress progress) {
    boolean json = args.length == 3 && args[0].equals("--report") && args[1].equals("json");
    if (args.length != 1 && !json) {
      err.println(USAGE);
      return 1;
    }
    if (json) {
      return report(Path.of(args[2]), out, err, clock, progress);
    }
    if (args[0].equals("-v") || args[0].equals("--version")) {
      out.println("holdfast-check-rdb " + Version.TEXT);
      return 0;
    }
    try (var channel = FileChannel.open(Path.of(args[0]));
        var source = new ByteSource(new WatchedChannel(channel, args[0], progress))) {
      return RdbLines.checkWithTypes(source, args[0], clock.millis(), out) ? 0 : 1;
    } catch (IOException e) {
      err.println("Cannot open file " + args[0] + ": " + Failure.words(e));
      return 1;
    } finally {
      out.flush();
    }
  }

  private static int report(
      Path file, PrintStream out, PrintStream err, InstantSource clock, Progress progress) {
    try {
      var check = new RdbChecker(clock, progress).check(file);
      out.print(check.toJson());
      return check.isGood() ? 0 : 1;
    } catch (IOException e) {
      err.println("Cannot open file " + file + ": " + Failure.words(e));
      return 1;
    } finally {
      out.flush();
    }
  }
}
