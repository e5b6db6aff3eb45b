package dev.holdfast.tools.check;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What a run of a tool printed, and how it ended. */
record ToolRun(int exitCode, String output) {

  /** Runs a program. */
  static ToolRun process(String program, List<String> arguments, String typed)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(typed.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without asking.
    }
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new ToolRun(process.waitFor(), output);
  }

  /** Runs {@code holdfast-check-aof}. */
  static ToolRun checkAof(List<String> arguments, String typed) {
    var in = new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8));
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int exitCode = CheckAof.run(arguments.toArray(String[]::new), in, out, InstantSource.system());
    return new ToolRun(exitCode, bytes.toString(StandardCharsets.UTF_8));
  }

  /** Runs {@code holdfast-check-rdb}; both streams in one. */
  static ToolRun checkRdb(String... arguments) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int exitCode = CheckRdb.run(arguments, out, out, InstantSource.system());
    return new ToolRun(exitCode, bytes.toString(StandardCharsets.UTF_8));
  }
}
