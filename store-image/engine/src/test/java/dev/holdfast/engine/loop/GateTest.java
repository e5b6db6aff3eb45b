package dev.holdfast.engine.loop;

import static dev.holdfast.engine.loop.LoopHarness.ascii;
import static dev.holdfast.engine.loop.LoopHarness.request;
import static dev.holdfast.engine.loop.LoopHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.net.NetworkKind;
import dev.holdfast.engine.net.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replies wait for what they depend on, and for nothing else. */
class GateTest {

  @ParameterizedTest
  @EnumSource(NetworkKind.class)
  void aReplyWaitsForItsOwnEffectAndForThoseItSaw(NetworkKind kind) {
    try (var harness = new LoopHarness(kind)) {
      var log = harness.server.log;
      log.manual = true;
      var writer = harness.connect();
      var reader = harness.connect();
      harness.expect(writer, request("SET", "a", "1") + request("PING"), "");
      harness.expect(reader, request("GET", "other"), "$-1\r\n");
      harness.expect(reader, request("GET", "a") + request("PING"), "");
      assertThat(harness.server.clients.gate().held()).isEqualTo(2);
      log.released = log.appended;
      harness.expect(writer, "", "+OK\r\n+PONG\r\n");
      assertThat(text(reader)).isEqualTo("$-1\r\n$1\r\n1\r\n+PONG\r\n");
      assertThat(harness.server.clients.gate().held()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(NetworkKind.class)
  void afterAFailureEachHeldReplyIsAnErrorAndTheOthersArrive(NetworkKind kind) {
    try (var harness = new LoopHarness(kind)) {
      var log = harness.server.log;
      log.manual = true;
      var peer = harness.connect();
      harness.expect(
          peer,
          request("PING")
              + request("SET", "a", "1")
              + request("PING")
              + request("SET", "b", "2")
              + request("GET", "a")
              + request("ECHO", "end"),
          "+PONG\r\n");
      log.released = "SETa1".length();
      log.failure = "MISCONF the disk is gone";
      harness.expect(
          peer, "", "+OK\r\n+PONG\r\n-MISCONF the disk is gone\r\n$1\r\n1\r\n$3\r\nend\r\n");
      harness.expect(peer, request("GET", "b"), "-MISCONF the disk is gone\r\n");
      log.failure = null;
      log.released = log.appended;
      harness.expect(peer, request("GET", "b"), "$1\r\n2\r\n");
      assertThat(harness.server.pool.usedBytes()).isZero();
    }
  }

  @Test
  void aClientThatGoesAwayWithHeldRepliesIsForgotten() {
    try (var harness = new LoopHarness(NetworkKind.SIM)) {
      harness.server.log.manual = true;
      var peer = harness.connect();
      harness.expect(peer, request("SET", "a", "1"), "");
      peer.reset();
      harness.settle();
      assertThat(harness.server.clients.gate().held()).isZero();
      assertThat(harness.server.clients.size()).isZero();
    }
  }

  /** One client as the model sees it: the replies it is owed, and what each waits for. */
  private static final class Owed {
    final Peer peer;
    final List<String> replies = new ArrayList<>();
    final List<Long> offsets = new ArrayList<>();

    Owed(Peer peer) {
      this.peer = peer;
    }

    String upTo(long released) {
      var text = new StringBuilder();
      for (int i = 0; i < replies.size() && offsets.get(i) <= released; i++) {
        text.append(replies.get(i));
      }
      return text.toString();
    }
  }

  @Test
  void noReplyLeavesBeforeItsOffsetAndNoneLaterThanItMust() {
    for (int seed = 0; seed < 60; seed++) {
      var random = new Random(seed);
      try (var harness = new LoopHarness(NetworkKind.SIM, seed)) {
        var log = harness.server.log;
        log.manual = true;
        Map<String, String> values = new HashMap<>();
        Map<String, Long> lastEffect = new HashMap<>();
        long appended = 0;
        var clients = new ArrayList<Owed>();
        for (int i = 0; i < 4; i++) {
          clients.add(new Owed(harness.connect()));
        }
        for (int round = 0; round < 40; round++) {
          var owed = clients.get(random.nextInt(clients.size()));
          var requests = new StringBuilder();
          for (int i = 1 + random.nextInt(6); i > 0; i--) {
            var key = "key" + random.nextInt(5);
            if (random.nextInt(3) == 0) {
              var value = "v" + round;
              requests.append(request("SET", key, value));
              appended += 3 + key.length() + value.length();
              values.put(key, value);
              lastEffect.put(key, appended);
              owed.replies.add("+OK\r\n");
              owed.offsets.add(appended);
            } else {
              requests.append(request("GET", key));
              var value = values.get(key);
              owed.replies.add(
                  value == null ? "$-1\r\n" : "$" + value.length() + "\r\n" + value + "\r\n");
              owed.offsets.add(lastEffect.getOrDefault(key, 0L));
            }
          }
          owed.peer.send(ascii(requests.toString()));
          harness.settle();
          if (random.nextInt(3) == 0) {
            log.released += random.nextLong(appended - log.released + 1);
            harness.settle();
          }
          for (var each : clients) {
            assertThat(text(each.peer)).as("seed %d", seed).isEqualTo(each.upTo(log.released));
          }
        }
      }
    }
  }
}
