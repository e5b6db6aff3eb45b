package dev.holdfast.tools.prepare;

import static dev.holdfast.tools.check.AofSamples.BASE;
import static dev.holdfast.tools.check.AofSamples.INCR;
import static dev.holdfast.tools.check.AofSamples.MANIFEST;
import static dev.holdfast.tools.check.AofSamples.ONE_INCR;
import static dev.holdfast.tools.check.AofSamples.TWO_KEYS;

import dev.holdfast.formats.check.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store's volume in a test, with an AOF of one base and one incremental file. */
record Volume(Path data) {

  static final String STORE = "0c7f2c1e-1111-4222-8333-444455556666";

  /** What a run with {@code --once} came to. */
  record Run(int exitCode, String output) {}

  Path aof(byte[] incr) throws IOException {
    var folder = Files.createDirectories(data.resolve("appendonlydir"));
    Files.write(folder.resolve(MANIFEST), ONE_INCR);
    Files.write(folder.resolve(BASE), TWO_KEYS);
    return Files.write(folder.resolve(INCR), incr);
  }

  Path file(String name) {
    return data.resolve("appendonlydir").resolve(name);
  }

  /** Runs {@code holdfast-prepare --once} in this process, with the AOF on. */
  Run prepare(String... options) throws IOException {
    return run("appendonly yes\n", options);
  }

  /** The same with a configuration of the test's own. */
  Run prepareWith(String config) throws IOException {
    return run(config);
  }

  private Run run(String config, String... options) throws IOException {
    var file = Files.writeString(Files.createTempFile("redis", ".conf"), config);
    try {
      var arguments =
          new ArrayList<>(List.of("--once", "--dir", data.toString(), "--store-id", STORE));
      arguments.addAll(List.of(options));
      arguments.add(file.toString());
      var bytes = new ByteArrayOutputStream();
      var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
      var args = arguments.toArray(String[]::new);
      int exitCode = Prepare.run(args, Map.of(), Optional.empty(), InstantSource.system(), out);
      return new Run(exitCode, bytes.toString(StandardCharsets.UTF_8));
    } finally {
      Files.delete(file);
    }
  }

  Report report() throws IOException {
    return Report.parse(Files.readString(data.resolve("holdfast/check.json")));
  }

  List<Path> quarantines() throws IOException {
    var folder = data.resolve("quarantine");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (var all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }
}
