package dev.holdfast.operator.store.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.redis.FakeServer;
import dev.holdfast.operator.redis.HealthPort;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerProbeTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String INFO =
      """
      # Server\r
      redis_version:7.2.0\r
      run_id:abc\r
      # Persistence\r
      loading:0\r
      aof_enabled:1\r
      aof_rewrite_in_progress:0\r
      aof_rewrite_scheduled:1\r
      aof_last_rewrite_time_sec:2\r
      aof_last_bgrewrite_status:ok\r
      aof_rewrites:3\r
      aof_last_write_status:err\r
      aof_current_size:4096\r
      aof_base_size:88\r
      """;

  private static String server(String command) {
    return switch (command) {
      case "AUTH default secret" -> "+OK\r\n";
      case "INFO" -> FakeServer.bulk(INFO);
      case "PING" -> "-MISCONF Errors writing to the AOF file: No space left on device\r\n";
      case "CONFIG GET appendfsync appendonly" ->
          "*4\r\n"
              + FakeServer.bulk("appendfsync")
              + FakeServer.bulk("everysec")
              + FakeServer.bulk("appendonly")
              + FakeServer.bulk("yes");
      default -> "-ERR unexpected " + command + "\r\n";
    };
  }

  private static ServerFacts look(FakeServer server, FakeServer health) {
    try (var port = new HealthPort(TIMEOUT)) {
      return new ServerProbe(TIMEOUT, port)
          .look(
              new PollTarget(
                  "uid",
                  "127.0.0.1",
                  server.port(),
                  health.port(),
                  "secret",
                  Set.of("appendonly", "appendfsync")));
    }
  }

  @Test
  void oneLookBringsTheCheckTheFileTheInfoAndTheLiveSettings() {
    try (var server = FakeServer.resp(ServerProbeTest::server);
        var health =
            FakeServer.http(
                request ->
                    request.startsWith("GET /verdict")
                        ? FakeServer.ok(
                            "{\"id\":\"1\",\"verdict\":\"Clean\",\"state\":\"Passed\",\"files\":[{\"new\":1}]}")
                        : FakeServer.ok(
                            "{\"file\":\"/etc/holdfast/redis.conf\",\"sha256\":\"ab12\"}"))) {
      var facts = look(server, health);

      assertThat(facts.check().orElseThrow().verdict()).isEqualTo("Clean");
      assertThat(facts.fileSha256()).contains("ab12");
      assertThat(health.requests)
          .allMatch(request -> request.contains("Authorization: Bearer secret"));
      var up = facts.serving().orElseThrow();
      assertThat(up.info())
          .isEqualTo(
              new ServerInfo(
                  "abc", "7.2.0", false, 0, true, 4096, 88, true, 3, true, 2, false, false));
      assertThat(up.config())
          .containsEntry("appendfsync", "everysec")
          .containsEntry("appendonly", "yes");
      assertThat(up.refusal())
          .hasValueSatisfying(words -> assertThat(words).contains("No space left"));
    }
  }

  @Test
  void aServerThatRefusesOnlyWhatNeedsRoomIsNotHealthy() {
    try (var server =
            FakeServer.resp(
                command ->
                    switch (command) {
                      case "INFO" -> FakeServer.bulk("loading:0\r\ndisk_almost_full:1\r\n");
                      case "PING" -> "+PONG\r\n";
                      default -> server(command);
                    });
        var health = FakeServer.http(request -> FakeServer.ok("{}"))) {
      var up = look(server, health).serving().orElseThrow();

      assertThat(up.refusal()).contains(ServerFacts.ALMOST_FULL);
    }
  }

  @Test
  void aParkedPodIsAFindingAndItsServerIsNotAsked() {
    try (var server = FakeServer.resp(ServerProbeTest::server);
        var health =
            FakeServer.http(
                request ->
                    FakeServer.ok(
                        "{\"id\":\"9f\",\"verdict\":\"CorruptMiddle\",\"state\":\"Parked\",\"message\":\"expected '*'\"}"))) {
      var facts = look(server, health);

      assertThat(facts.check().orElseThrow().parked()).isTrue();
      assertThat(facts.server()).isEqualTo(new ServerFacts.Down("parked: expected '*'"));
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void aServerThatLoadsIsUpAndDoesNotServe() {
    var loading = "loading:1\r\nloading_loaded_perc:42.50\r\n";
    try (var server =
            FakeServer.resp(c -> c.equals("INFO") ? FakeServer.bulk(loading) : "+OK\r\n");
        var health = FakeServer.http(request -> FakeServer.ok("{}"))) {
      var facts = look(server, health);

      assertThat(facts.serving()).isEmpty();
      assertThat(facts.info().orElseThrow().loadingPercent()).isEqualTo(42);
    }
  }

  @Test
  void whatAnswersNothingOfUseIsDownWithTheReason() {
    try (var server = FakeServer.resp(command -> "-WRONGPASS invalid username-password pair\r\n");
        var health =
            FakeServer.http(
                request ->
                    "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) {
      var facts = look(server, health);

      assertThat(facts.check()).isEqualTo(Optional.empty());
      assertThat(facts.fileSha256()).isEmpty();
      assertThat(facts.server())
          .isInstanceOfSatisfying(
              ServerFacts.Down.class,
              down -> assertThat(down.words()).contains("WRONGPASS").doesNotContain("secret"));
    }
  }

  @Test
  void aPasswordNeverShowsInWhatIsLoggedOfATarget() {
    assertThat(new PollTarget("uid", "10.0.0.1", 1, 2, "secret", Set.of()).toString())
        .doesNotContain("secret");
  }
}
