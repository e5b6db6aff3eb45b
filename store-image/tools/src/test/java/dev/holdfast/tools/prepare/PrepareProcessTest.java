package dev.holdfast.tools.prepare;

import static dev.holdfast.tools.check.AofSamples.INCR;
import static dev.holdfast.tools.check.AofSamples.TWO_KEYS;
import static dev.holdfast.tools.check.AofSamples.ascii;
import static dev.holdfast.tools.check.AofSamples.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.State;
import dev.holdfast.formats.check.Verdict;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast-prepare} as a process: becoming the server, parked, killed, on a full disk. */
class PrepareProcessTest {

  private static final byte[] GARBAGE = ascii("garbage!!");
  private static final int STARTS = 12;

  @TempDir Path data;
  @TempDir Path pod;
  private Volume volume;
  private Process process;

  @BeforeEach
  void mount() throws IOException {
    volume = new Volume(data);
    Files.writeString(pod.resolve("redis.conf"), "appendonly yes\n");
    Files.writeString(pod.resolve("password"), "secret\n");
    Files.writeString(pod.resolve("termination-log"), "");
  }

  @AfterEach
  void end() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void after_a_clean_check_it_is_the_server_with_the_same_process_id() throws Exception {
    volume.aof(TWO_KEYS);
    process = start(pod("--exec", "sh", "-c", "echo I am $$"));
    assertThat(output()).endsWith("I am " + process.pid() + "\n");
    assertThat(process.waitFor()).isZero();
    assertThat(pod.resolve("termination-log"))
        .hasContent("holdfast-prepare: Clean, Passed (Clean)");
  }

  @Test
  void the_server_gets_the_lock_and_what_the_pod_says() throws Exception {
    volume.aof(TWO_KEYS);
    var server =
        Files.writeString(
            pod.resolve("server"),
            "#!/bin/sh\nflock -n \"$3/holdfast/lock\" echo locked\nprintf '%s ' \"$@\"\n");
    assertThat(server.toFile().setExecutable(true)).isTrue();
    var command = new ArrayList<>(java("-Dholdfast.server=" + server));
    command.addAll(
        pod("--health-port", "0", "--bind", "127.0.0.1 127.0.0.1", "--", "--port", "7000"));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(output())
        .endsWith(
            "locked\n%s --dir %s --requirepass-file %s --health-port 0 --bind 127.0.0.1 127.0.0.1 --port 7000 "
                .formatted(pod.resolve("redis.conf"), data, pod.resolve("password")));
  }

  @Test
  void a_server_that_cannot_be_run_is_an_error() throws Exception {
    process = start(pod("--exec", "/no/such/server"));
    assertThat(output()).contains("cannot run /no/such/server: No such file or directory");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  @Test
  void parked_it_is_alive_and_not_ready_and_tells_the_verdict_to_those_who_may_know()
      throws Exception {
    volume.aof(join(TWO_KEYS, GARBAGE));
    int port = freePort();
    process =
        start(
            pod(
                "--max-data-loss",
                "1",
                "--health-port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--exec",
                "false"));

    await(() -> get(port, "/readyz", "").contains("parked: "));

    assertThat(get(port, "/livez", "")).startsWith("HTTP/1.1 200 ");
    assertThat(get(port, "/startupz", "")).startsWith("HTTP/1.1 200 ");
    assertThat(get(port, "/readyz", "")).startsWith("HTTP/1.1 503 ").contains("BudgetExceeded");
    assertThat(get(port, "/verdict", "")).startsWith("HTTP/1.1 401 ");
    var answer = get(port, "/verdict", "Authorization: Bearer secret\r\n");
    var report = Report.parse(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    assertThat(report.verdict()).isEqualTo(Verdict.CORRUPT_TAIL);
    assertThat(report.state()).isEqualTo(State.PARKED);
    assertThat(report).isEqualTo(volume.report());
    assertThat(get(port, "/config", "Authorization: Bearer secret\r\n"))
        .contains("redis.conf")
        .contains("sha256");
    assertThat(pod.resolve("termination-log"))
        .content()
        .startsWith("holdfast-prepare: CorruptTail, Parked");
  }

  @Test
  void parked_it_ends_at_once_on_SIGTERM_and_holds_no_lock() throws Exception {
    var incr = volume.aof(join(TWO_KEYS, GARBAGE));
    int port = freePort();
    process =
        start(
            pod(
                "--policy",
                "Manual",
                "--health-port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--exec",
                "false"));
    await(() -> get(port, "/readyz", "").contains("parked: "));

    assertThat(volume.prepare("--policy", "Manual").exitCode())
        .isEqualTo(3); // a person looks at the parked volume
    process.destroy();

    assertThat(process.waitFor(2, TimeUnit.SECONDS)).isTrue();
    assertThat(incr).hasBinaryContent(join(TWO_KEYS, GARBAGE));
  }

  @Test
  void while_it_checks_the_health_port_answers_and_SIGTERM_ends_it_at_once() throws Exception {
    var incr = volume.aof(TWO_KEYS);
    appendCommands(incr, 400L << 20);
    int port = freePort();
    process =
        start(
            pod("--health-port", Integer.toString(port), "--bind", "127.0.0.1", "--exec", "true"));

    await(() -> get(port, "/readyz", "").contains("checking the data"));
    process.destroy();

    assertThat(process.waitFor(2, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 15);
  }

  @Test
  void files_far_larger_than_the_memory_are_checked_and_cut() throws Exception {
    var incr = volume.aof(TWO_KEYS);
    appendOneHugeValue(incr, 300 << 20);
    long good = Files.size(incr);
    Files.write(incr, GARBAGE, StandardOpenOption.APPEND);
    var command = new ArrayList<>(java("-Xmx24m", "-XX:MaxDirectMemorySize=8m"));
    command.addAll(pod("--once"));

    process = new ProcessBuilder(command).redirectErrorStream(true).start();

    assertThat(output()).contains("CorruptTail, Repaired (WithinBudget)");
    assertThat(process.waitFor()).isZero();
    assertThat(incr).hasSize(good);
  }

  @Test
  void killed_at_any_moment_of_a_repair_it_loses_nothing_and_the_next_start_completes_it()
      throws Exception {
    var random = new Random(20261122);
    for (int i = 0; i < STARTS; i++) {
      var incr = volume.aof(join(TWO_KEYS, GARBAGE));
      int before = volume.quarantines().size();
      process = start(pod("--once"));
      // Half of them at the moment that the quarantine appears, the others anywhere.
      long deadline = System.nanoTime() + random.nextInt(i % 2 == 0 ? 5_000 : 600) * 1_000_000L;
      while (System.nanoTime() < deadline
          && (i % 2 == 1 || volume.quarantines().size() == before)
          && process.isAlive()) {
        Thread.onSpinWait();
      }
      process.destroyForcibly().waitFor();

      if (Files.size(incr) == TWO_KEYS.length) {
        var kept = volume.quarantines().getLast();
        assertThat(kept.resolve(INCR + "." + TWO_KEYS.length)).hasBinaryContent(GARBAGE);
        assertThat(Report.parse(Files.readString(kept.resolve("report.json"))).verdict())
            .isEqualTo(Verdict.CORRUPT_TAIL);
      } else {
        assertThat(incr).hasBinaryContent(join(TWO_KEYS, GARBAGE));
      }
      assertThat(volume.prepare().exitCode()).isZero();
      assertThat(incr).hasBinaryContent(TWO_KEYS);
    }
  }

  @Test
  void on_a_full_disk_nothing_is_cut_because_the_evidence_could_not_be_kept() throws Exception {
    assumeTrue(
        mounted("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", data.toString()),
        "needs the right to mount a small file system");
    try {
      var incr = volume.aof(join(TWO_KEYS, new byte[64 << 10], ascii("x")));
      fill(data.resolve("filler"));

      var run = volume.prepare("--max-data-loss", "1Mi");

      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(run.output())
          .contains("No space left on device")
          .contains("make room on the volume");
      assertThat(incr).hasSize(TWO_KEYS.length + (64 << 10) + 1);
      assertThat(volume.quarantines()).isEmpty();

      Files.delete(data.resolve("filler"));
      assertThat(volume.prepare("--max-data-loss", "1Mi").exitCode()).isZero();
      assertThat(incr).hasBinaryContent(TWO_KEYS);
    } finally {
      assertThat(mounted("umount", data.toString())).isTrue();
    }
  }

  @Test
  void on_a_full_disk_a_clean_store_starts_all_the_same() throws Exception {
    assumeTrue(
        mounted("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", data.toString()),
        "needs the right to mount a small file system");
    try {
      volume.aof(TWO_KEYS);
      assertThat(volume.prepare().exitCode()).isZero();
      fill(data.resolve("filler"));
      assertThat(volume.prepare().exitCode()).isZero();
    } finally {
      assertThat(mounted("umount", data.toString())).isTrue();
    }
  }

  private List<String> pod(String... options) {
    var arguments =
        new ArrayList<>(
            List.of(Prepare.class.getName(), "--dir", data.toString(), "--auth", pod.toString()));
    arguments.addAll(
        List.of(
            "--termination-log",
            pod.resolve("termination-log").toString(),
            pod.resolve("redis.conf").toString()));
    arguments.addAll(List.of(options));
    return arguments;
  }

  private static List<String> java(String... flags) {
    var command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home")
                    + File.separator
                    + "bin"
                    + File.separator
                    + "java"));
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }

  private static Process start(List<String> arguments) throws IOException {
    var command = new ArrayList<>(java());
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private String output() throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(Condition condition) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (ConnectException e) {
        // Not listening yet.
      }
      assertThat(process.isAlive()).as("the process has not ended").isTrue();
      assertThat(System.nanoTime()).as("waiting has not taken a minute").isLessThan(deadline);
      LockSupport.parkNanos(2_000_000);
    }
  }

  private static String get(int port, String path, String headers) throws IOException {
    try (var socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\n" + headers + "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static void appendCommands(Path file, long bytes) throws IOException {
    byte[] block = TWO_KEYS.clone();
    while (block.length < 1 << 20) {
      block = join(block, block);
    }
    try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      for (long written = 0; written < bytes; written += block.length) {
        out.write(block);
      }
    }
  }

  private static void appendOneHugeValue(Path file, int bytes) throws IOException {
    try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      out.write(ascii("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + bytes + "\r\n"));
      byte[] block = new byte[1 << 20];
      for (int written = 0; written < bytes; written += block.length) {
        out.write(block);
      }
      out.write(ascii("\r\n"));
    }
  }

  private static boolean mounted(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  private static void fill(Path filler) throws IOException {
    try (var out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(0);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  @Test
  void data_that_cannot_be_read_parks_and_is_looked_at_again() throws Exception {
    volume.aof(TWO_KEYS);
    var manifest = volume.file("appendonly.aof.manifest");
    var content = Files.readAllBytes(manifest);
    Files.delete(manifest);
    Files.createDirectory(manifest);
    int port = freePort();
    process =
        start(
            pod(
                "--health-port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--exec",
                "sh",
                "-c",
                "echo I am $$"));

    await(() -> get(port, "/readyz", "").contains("parked: "));

    assertThat(get(port, "/livez", "")).startsWith("HTTP/1.1 200 ");
    assertThat(get(port, "/readyz", "")).startsWith("HTTP/1.1 503 ").contains("Unreadable");
    var answer = get(port, "/verdict", "Authorization: Bearer secret\r\n");
    var report = Report.parse(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    assertThat(report.verdict()).isEqualTo(Verdict.UNREADABLE);
    assertThat(report.state()).isEqualTo(State.PARKED);
    assertThat(report.file()).contains("appendonlydir/appendonly.aof.manifest");
    assertThat(report.message()).isEqualTo(manifest + ": Is a directory");
    assertThat(pod.resolve("termination-log")).content().contains("Unreadable, Parked");

    Files.delete(manifest);
    Files.write(manifest, content);

    assertThat(output()).endsWith("I am " + process.pid() + "\n");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void an_identity_that_cannot_be_read_parks() throws Exception {
    volume.aof(TWO_KEYS);
    Files.createDirectories(data.resolve("holdfast"));
    Files.writeString(data.resolve("holdfast/store.json"), "{}");
    int port = freePort();
    process =
        start(
            pod(
                "--store-id",
                Volume.STORE,
                "--health-port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--exec",
                "false"));
    await(() -> get(port, "/readyz", "").contains("parked: "));
    assertThat(get(port, "/verdict", "Authorization: Bearer secret\r\n"))
        .contains("\"verdict\": \"Unreadable\"", "\"file\": \"holdfast/store.json\"", "expected {");
  }
}
