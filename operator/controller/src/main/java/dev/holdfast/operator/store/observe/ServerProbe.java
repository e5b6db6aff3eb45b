package dev.holdfast.operator.store.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.operator.redis.HealthPort;
import dev.holdfast.operator.redis.Reply;
import dev.holdfast.operator.redis.RespConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One look at a store's pod: its health port, then its server. It never throws for what a pod does;
 * a pod that does not answer is a finding. Blocks for at most a few timeouts.
 */
public final class ServerProbe {

  private final Duration timeout;
  private final HealthPort health;
  private final ObjectMapper json = new ObjectMapper();

  public ServerProbe(Duration timeout, HealthPort health) {
    this.timeout = timeout;
    this.health = health;
  }

  /** Looks once. */
  public ServerFacts look(PollTarget target) {
    var check = page(target, "/verdict").flatMap(body -> read(body, CheckReport.class));
    var file = page(target, "/config").flatMap(body -> read(body, Map.class));
    var server =
        check.isPresent() && check.get().parked()
            ? new ServerFacts.Down("parked: " + check.get().message())
            : server(target);
    return new ServerFacts(
        target.podUid(), server, check, file.map(f -> String.valueOf(f.get("sha256"))));
  }

  private Optional<String> page(PollTarget target, String path) {
    try {
      return Optional.of(health.get(target.host(), target.healthPort(), path, target.password()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private <T> Optional<T> read(String body, Class<T> type) {
    try {
      return Optional.of(json.readValue(body, type));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private ServerFacts.Server server(PollTarget target) {
    try (var connection = RespConnection.open(target.host(), target.port(), timeout)) {
      connection.expect("AUTH", "default", target.password());
      var info = ServerInfo.parse(text(connection.expect("INFO")));
      if (info.loading()) {
        return new ServerFacts.Up(info, Map.of(), Optional.empty());
      }
      return new ServerFacts.Up(info, config(connection, target), refusal(connection, info));
    } catch (IOException | RuntimeException e) {
      return new ServerFacts.Down(
          e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }

  /** PING is refused with all writes, and not when only those are that need room. */
  private static Optional<String> refusal(RespConnection connection, ServerInfo info)
      throws IOException {
    if (connection.command("PING") instanceof Reply.Failure(String words)) {
      return Optional.of(words);
    }
    return info.diskAlmostFull() ? Optional.of(ServerFacts.ALMOST_FULL) : Optional.empty();
  }

  private static Map<String, String> config(RespConnection connection, PollTarget target)
      throws IOException {
    if (target.directives().isEmpty()) {
      return Map.of();
    }
    List<String> words = new ArrayList<>(List.of("CONFIG", "GET"));
    words.addAll(new TreeSet<>(target.directives()));
    var reply = connection.expect(words.toArray(String[]::new));
    Map<String, String> config = new HashMap<>();
    if (reply instanceof Reply.Items(List<Reply> values)) {
      for (int i = 0; i + 1 < values.size(); i += 2) {
        config.put(text(values.get(i)), text(values.get(i + 1)));
      }
    }
    return config;
  }

  private static String text(Reply reply) throws IOException {
    if (reply instanceof Reply.Text(String value)) {
      return value;
    }
    throw new IOException("expected a string, found " + reply);
  }
}
