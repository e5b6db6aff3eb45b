package dev.holdfast.tools.check;

import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestException;
import dev.holdfast.formats.check.Progress;
import dev.holdfast.tools.salvage.Salvage;
import dev.holdfast.tools.salvage.TimeCut;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code holdfast-check-aof}: takes the place of {@code redis-check-aof}, with its arguments, exit
 * codes and lines, so that scripts and habits go on working. It exits with 0 when the AOF is good,
 * or was made good, and with 1 for anything else.
 *
 * <p>On purpose it differs where the stock tool gives data away: what is cut goes to {@code
 * quarantine/} first, nothing is cut while another program writes, a half-written annotation at the
 * end counts as damage (the next append would hide a command in it), and a cut to a time stamp
 * never leaves half a transaction.
 */
public final class CheckAof {

  private final CheckAofArguments arguments;
  private final PrintStream out;
  private final AofFileCheck files;

  private CheckAof(
      CheckAofArguments arguments,
      InputStream in,
      PrintStream out,
      InstantSource clock,
      Progress progress) {
    this.arguments = arguments;
    this.out = out;
    this.files = new AofFileCheck(arguments, in, out, clock, progress);
  }

  /** The program. */
  public static void main(String[] args) {
    var bar = ProgressBar.ofThisProcess();
    var out = bar.map(visible -> visible.guard(System.out)).orElse(System.out);
    Progress progress = bar.<Progress>map(visible -> visible).orElse(Progress.NONE);
    System.exit(run(args, System.in, out, InstantSource.system(), progress));
  }

  /** The program without the process: returns the exit code. */
  public static int run(String[] args, InputStream in, PrintStream out, InstantSource clock) {
    return run(args, in, out, clock, Progress.NONE);
  }

  private static int run(
      String[] args, InputStream in, PrintStream out, InstantSource clock, Progress progress) {
    var file = "";
    try {
      var arguments = CheckAofArguments.parse(args);
      file = arguments.map(CheckAofArguments::file).orElse("");
      if (arguments.isEmpty()) {
        out.println(CheckAofArguments.USAGE);
        return 1;
      }
      if (arguments.get().salvage().isPresent()) {
        return salvage(arguments.get(), out, progress) ? 0 : 1;
      }
      if (arguments.get().into().isPresent()) {
        return cutInto(arguments.get(), out, progress) ? 0 : 1;
      }
      if (arguments.get().json()) {
        return JsonCheck.run(arguments.get(), out, clock, progress);
      }
      return new CheckAof(arguments.get(), in, out, clock, progress).check() ? 0 : 1;
    } catch (CheckAofArguments.InvalidTimestamp e) {
      out.println("Invalid timestamp, aborting...");
      return 1;
    } catch (IOException e) {
      out.println("Cannot read file " + Failure.named(file, e));
      return 1;
    } finally {
      out.flush();
    }
  }

  private static boolean salvage(CheckAofArguments arguments, PrintStream out, Progress progress)
      throws IOException {
    var target = Path.of(arguments.file());
    boolean manifest = Files.isRegularFile(target) && ManifestDetection.isManifest(target);
    return new Salvage(arguments.salvage().orElseThrow(), out, arguments.json(), progress)
        .run(target, manifest);
  }

  private static boolean cutInto(CheckAofArguments arguments, PrintStream out, Progress progress)
      throws IOException {
    var target = Path.of(arguments.file());
    return new TimeCut(arguments.into().orElseThrow(), arguments.timestamp(), out, progress)
        .run(target, ManifestDetection.isManifest(target));
  }

  private boolean check() throws IOException {
    var file = Path.of(arguments.file());
    if (!Files.exists(file)) {
      out.println("Cannot open file " + arguments.file() + ": No such file or directory");
      return false;
    }
    if (Files.isDirectory(file)) {
      out.println("Cannot read file: " + arguments.file());
      return false;
    }
    if (!ManifestDetection.isManifest(file)) {
      out.println("Start checking Old-Style AOF");
      return files.check("AOF", arguments.file(), file, true);
    }
    out.println("Start checking Multi Part AOF");
    return checkAll(file);
  }

  private boolean checkAll(Path file) throws IOException {
    Path folder = file.getParent() == null ? Path.of(".") : file.getParent();
    Manifest manifest;
    try {
      manifest = Manifest.parse(Files.readAllBytes(file), file.getFileName().toString());
    } catch (ManifestException e) {
      complain(e);
      return false;
    }
    if (manifest.base().isPresent()) {
      String name = manifest.base().get().name();
      if (!checkBase(name, folder.resolve(name), manifest.incr().isEmpty())) {
        return false;
      }
    }
    if (!manifest.incr().isEmpty()) {
      out.println("Start to check INCR files.");
      List<String> names = manifest.incr().stream().map(incr -> incr.name()).toList();
      for (String name : names) {
        if (!files.check("INCR AOF", name, folder.resolve(name), name.equals(names.getLast()))) {
          return false;
        }
      }
    }
    out.println("All AOF files and manifest are valid");
    return true;
  }

  private boolean checkBase(String name, Path file, boolean last) throws IOException {
    if (!Files.exists(file)) {
      out.println("Cannot open file " + file + ": No such file or directory");
      return false;
    }
    out.println(
        "Start to check BASE AOF ("
            + (AofFileCheck.hasPreamble(file) ? "RDB" : "RESP")
            + " format).");
    return files.check("BASE AOF", name, file, last);
  }

  private void complain(ManifestException e) {
    out.println("\n*** FATAL AOF MANIFEST FILE ERROR ***");
    // The stock tool has not got a line to show when it found no end of it.
    if (!e.reason().equals("The AOF manifest file contains too long line")) {
      out.println("Reading the manifest file, at line " + e.line());
      out.println(">>> '" + e.found() + "'");
    }
    out.println(e.reason());
  }
}
