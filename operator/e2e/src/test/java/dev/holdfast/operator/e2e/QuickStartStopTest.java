package dev.holdfast.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The quick start as a program of its own, stopped by a signal while its store runs: the sandbox
 * alone has mounts of its own on this machine.
 */
@Tag(Scenario.SANDBOX)
class QuickStartStopTest {
  @TempDir Path state;

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalLeavesNoMountAndNoLoopDevice(String signal) throws Exception {
    var quickStart = start();
    try {
      var said = readUntil(quickStart, "1. Ready");
      assumeTrue(!mounts().isEmpty(), "volumes are plain folders for this user");
      assertThat(loopDevices()).isNotEmpty();

      run("kill", "-" + signal, Long.toString(quickStart.pid()));

      said += new String(quickStart.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(quickStart.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(said).contains("Stopping").doesNotContain("FAILED");
      assertThat(mounts()).isEmpty();
      assertThat(loopDevices()).isEmpty();
    } finally {
      quickStart.destroyForcibly();
    }
  }

  private Process start() throws IOException {
    var command = new ArrayList<String>();
    // a shell that started the build in the background has SIGINT ignored, and so has all below it
    command.addAll(List.of("env", "--default-signal=INT,TERM"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Dsandbox.state=" + state, "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(QuickStart.class.getName(), "--stay"));
    return new ProcessBuilder(command)
        .redirectError(state.resolve("quickstart.log").toFile())
        .start();
  }

  private static String readUntil(Process process, String text) throws IOException {
    var said = new StringBuilder();
    while (said.indexOf(text) < 0) {
      var next = process.getInputStream().read();
      assertThat(next).as("it ended early: " + said).isNotNegative();
      said.append((char) next);
    }
    return said.toString();
  }

  private List<String> mounts() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/mounts"))) {
      return lines.filter(line -> line.contains(state.toString())).toList();
    }
  }

  private List<String> loopDevices() throws Exception {
    return run("losetup", "-a").lines().filter(line -> line.contains(state.toString())).toList();
  }

  private static String run(String... command) throws Exception {
    var process = new ProcessBuilder(command).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return output;
  }
}
