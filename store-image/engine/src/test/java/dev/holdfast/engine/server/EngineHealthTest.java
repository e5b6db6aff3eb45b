package dev.holdfast.engine.server;

import static dev.holdfast.engine.server.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.health.Health.Answer;
import dev.holdfast.engine.health.HealthServer;
import dev.holdfast.engine.info.ServerState;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kubelet is told, and so what it kills a server for. */
class EngineHealthTest {
  @TempDir Path folder;

  private final ShiftedClock clock = new ShiftedClock();
  private final ServerState state = new ServerState(clock);
  private volatile boolean commandThread = true;
  private final EngineHealth health =
      new EngineHealth(state, () -> commandThread, Path.of("no-report"));

  @Test
  void startUpHasNoTimeLimitWhileReplayAdvances() {
    state.loading(true);
    for (var minute = 1; minute <= 600; minute++) {
      clock.forward(59_000);
      state.progress(minute);
      assertThat(health.startup()).isEqualTo(Answer.good("loading: " + minute + " bytes so far"));
      assertThat(health.live().good()).isTrue();
      assertThat(health.ready().good()).isFalse();
    }
  }

  @Test
  void aReplayThatDoesNotAdvanceForAMinuteIsStuckUntilItAdvances() {
    state.loading(true);
    state.progress(10);
    clock.forward(61_000);
    state.progress(10);
    assertThat(health.startup())
        .isEqualTo(Answer.bad("loading has not advanced for a minute, at 10 bytes"));
    assertThat(health.live().good()).as("loading is alive").isTrue();
    state.progress(11);
    assertThat(health.startup().good()).isTrue();
  }

  @Test
  void aServerIsStartedAndReadyOnceItListens() {
    assertThat(health.startup()).isEqualTo(Answer.bad("not listening yet"));
    assertThat(health.ready()).isEqualTo(Answer.bad("not listening yet"));
    state.listening();
    assertThat(health.startup()).isEqualTo(Answer.good("listening"));
    assertThat(health.ready()).isEqualTo(Answer.good("ready"));
  }

  @Test
  void aServerWhoseCommandThreadIsGoneIsDead() {
    state.listening();
    commandThread = false;
    assertThat(health.live()).isEqualTo(Answer.bad("the command thread is gone"));
  }

  @Test
  void aServerThatShutsDownIsAliveUntilItIsGone() {
    state.listening();
    state.ending();
    commandThread = false;
    assertThat(health.live().good()).isTrue();
    assertThat(health.ready()).isEqualTo(Answer.bad("shutting down"));
  }

  @Test
  void aServerWithAHangingDiskIsAliveAndReadyOnItsPort() throws Exception {
    var disk = new HangingSyncs();
    try (var engine =
            TestEngine.start(
                folder, clock, disk.storage(), "--appendonly", "yes", "--appendfsync", "always");
        var port = port(engine);
        var client = engine.client();
        disk) {
      disk.hang = true;
      client.send("SET", "held", "by the disk");
      clock.forward(600_000);
      assertThat(get(port, "/livez")).startsWith("HTTP/1.1 200 ").endsWith("alive\n");
      assertThat(get(port, "/startupz")).startsWith("HTTP/1.1 200 ");
      assertThat(get(port, "/readyz")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aServerThatRefusesWritesForItsDiskIsAliveAndReadyOnItsPort() throws Exception {
    var disk = new GatedDisk();
    try (var engine =
            TestEngine.start(
                folder,
                Clock.system(),
                disk.storage(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "always");
        var port = port(engine);
        var client = engine.client();
        disk) {
      disk.fail("sync", ".incr.aof");
      eventually("writes are refused", () -> client.call("SET", "k", "v").startsWith("-MISCONF"));
      var live = get(port, "/livez");
      var ready = get(port, "/readyz");
      disk.close();
      eventually("it heals", () -> client.call("SET", "k", "v").equals("+OK\r\n"));
      assertThat(live).startsWith("HTTP/1.1 200 ");
      assertThat(ready).startsWith("HTTP/1.1 200 ");
    }
  }

  private HealthServer port(TestEngine engine) throws Exception {
    var starting = new StartingHealth(folder.resolve("no-report"));
    starting.started(engine.engine());
    return HealthServer.start(List.of("127.0.0.1"), 0, starting, Optional::empty, Optional.empty());
  }

  private static String get(HealthServer server, String path) throws Exception {
    try (var socket = new Socket(InetAddress.getByName("127.0.0.1"), server.port())) {
      socket
          .getOutputStream()
          .write(("GET " + path + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
