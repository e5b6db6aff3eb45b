package dev.holdfast.engine.loop;

import static dev.holdfast.engine.loop.LoopHarness.ascii;
import static dev.holdfast.engine.loop.LoopHarness.request;
import static dev.holdfast.engine.loop.LoopHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.client.ClientClass;
import dev.holdfast.engine.client.OutputLimit;
import dev.holdfast.engine.net.NetworkKind;
import dev.holdfast.engine.net.Peer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of the loop, on every network. */
@ParameterizedClass
@EnumSource(NetworkKind.class)
class LoopTest {
  private final NetworkKind kind;

  LoopTest(NetworkKind kind) {
    this.kind = kind;
  }

  @Test
  void pipelinedCommandsAreAnsweredInOrder() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      var requests = new StringBuilder();
      var replies = new StringBuilder();
      for (int i = 0; i < 1000; i++) {
        requests.append(request("SET", "k" + i % 7, "v" + i)).append(request("GET", "k" + i % 7));
        replies.append("+OK\r\n$").append(("v" + i).length()).append("\r\nv" + i + "\r\n");
      }
      harness.expect(peer, requests.toString(), replies.toString());
    }
  }

  @Test
  void oneClientsHalfSentRequestDoesNotKeepOthersWaiting() {
    try (var harness = new LoopHarness(kind)) {
      var slow = harness.connect();
      var other = harness.connect();
      harness.expect(slow, "*2\r\n$4\r\nECHO\r\n$5\r\nhe", "");
      harness.expect(other, request("ECHO", "other"), "$5\r\nother\r\n");
      harness.expect(slow, "llo\r\n", "$5\r\nhello\r\n");
    }
  }

  @Test
  void aMalformedRequestIsNamedAfterTheRepliesBeforeItAndEndsTheConnection() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      harness.expect(
          peer,
          request("PING") + "*1\r\n$-1\r\n" + request("SET", "never", "run"),
          "+PONG\r\n-ERR Protocol error: invalid bulk length\r\n");
      harness.until(peer::ended);
      assertThat(harness.server.clients.size()).isZero();
      assertThat(harness.server.events)
          .anyMatch(
              line -> line.startsWith("Protocol error (invalid bulk length) from client: id="));
      harness.expect(harness.connect(), request("GET", "never"), "$-1\r\n");
    }
  }

  @Test
  void inlineCommandsAndArraysMayBeMixed() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      harness.expect(
          peer,
          "PING\r\n\r\necho \"a b\"\n" + request("ECHO", "c") + "echo 'd'\r\n*0\r\nPING\r\n",
          "+PONG\r\n$3\r\na b\r\n$1\r\nc\r\n$1\r\nd\r\n+PONG\r\n");
    }
  }

  @Test
  void requestsOfAClientWithoutAPasswordStaySmallUntilItAuthenticates() {
    try (var harness = new LoopHarness(kind)) {
      harness.server.settings.passwordRequired = true;
      var big = "x".repeat(20_000);
      harness.expect(
          harness.connect(),
          request("ECHO", big),
          "-ERR Protocol error: unauthenticated bulk length\r\n");
      harness.expect(
          harness.connect(),
          request("COUNT", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"),
          "-ERR Protocol error: unauthenticated multibulk length\r\n");
      var peer = harness.connect();
      harness.expect(
          peer,
          request("AUTH") + request("ECHO", big) + request("LOGOUT") + request("ECHO", big),
          "+OK\r\n$20000\r\n"
              + big
              + "\r\n+OK\r\n-ERR Protocol error: unauthenticated bulk length\r\n");
      harness.until(peer::ended);
    }
  }

  @Test
  void valuesFarLargerThanAnyBufferArriveIntact() {
    try (var harness = new LoopHarness(kind)) {
      byte[] value = new byte[9 << 20];
      new Random(1).nextBytes(value);
      var peer = harness.connect();
      peer.send(ascii("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + value.length + "\r\n"));
      peer.send(value);
      peer.send(ascii("\r\n" + request("GET", "k") + request("PING")));
      var head = "+OK\r\n$" + value.length + "\r\n";
      int expected = head.length() + value.length + 2 + 7;
      harness.until(() -> received(peer) >= expected);
      byte[] all = peer.received();
      assertThat(new String(all, 0, head.length())).isEqualTo(head);
      assertThat(Arrays.mismatch(value, 0, value.length, all, head.length(), all.length - 9))
          .isEqualTo(-1);
      assertThat(new String(all, all.length - 9, 9)).isEqualTo("\r\n+PONG\r\n");
      harness.settle();
      assertThat(harness.server.pool.usedBytes()).isZero();
    }
  }

  private static int received(Peer peer) {
    return peer.received().length;
  }

  @Test
  void anArrayWhoseLengthIsKnownLateIsWhole() {
    try (var harness = new LoopHarness(kind)) {
      var item = "$5\r\nabcde\r\n";
      harness.expect(
          harness.connect(),
          request("PING") + request("REPEAT", "5000", "abcde") + request("PING"),
          "+PONG\r\n*5000\r\n" + item.repeat(5000) + "+PONG\r\n");
    }
  }

  @Test
  void aClientThatEndsItsSideStillGetsItsReplies() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      harness.server.log.manual = true;
      peer.send(ascii(request("SET", "a", "1") + request("GET", "a")));
      peer.finish();
      harness.settle();
      assertThat(text(peer)).isEmpty();
      harness.server.log.released = harness.server.log.appended;
      harness.until(peer::ended);
      assertThat(text(peer)).isEqualTo("+OK\r\n$1\r\n1\r\n");
      assertThat(harness.server.clients.size()).isZero();
    }
  }

  @Test
  void aResetConnectionIsForgotten() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      harness.expect(peer, "*2\r\n$4\r\nECHO\r\n$500000\r\nhe", "");
      peer.reset();
      harness.peers.remove(peer);
      harness.until(() -> harness.server.clients.size() == 0);
      assertThat(harness.server.pool.usedBytes()).isZero();
    }
  }

  @Test
  void quitIsAnsweredAndNothingAfterIt() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      harness.expect(peer, request("QUIT") + request("SET", "a", "1"), "+OK\r\n");
      harness.until(peer::ended);
      harness.expect(harness.connect(), request("GET", "a"), "$-1\r\n");
    }
  }

  @Test
  void aKilledClientIsGoneAndOneThatKillsItselfGetsItsReply() {
    try (var harness = new LoopHarness(kind)) {
      var victim = harness.connect();
      var killer = harness.connect();
      harness.expect(killer, request("ID"), ":2\r\n");
      harness.expect(killer, request("KILL", "1"), "+OK\r\n");
      harness.until(victim::ended);
      harness.expect(killer, request("KILL", "2"), "+OK\r\n");
      harness.until(killer::ended);
      assertThat(harness.server.clients.size()).isZero();
    }
  }

  @Test
  void connectionsBeyondMaxclientsAreRefusedWithAWord() {
    try (var harness = new LoopHarness(kind)) {
      harness.server.settings.maxClients = 1;
      harness.connect();
      var refused = harness.connect();
      harness.until(refused::ended);
      assertThat(text(refused)).isEqualTo("-ERR max number of clients reached\r\n");
      assertThat(harness.server.loop.stats().connectionsRejected).isEqualTo(1);
    }
  }

  @Test
  void replyModesDropWhatTheyShould() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      harness.expect(
          peer,
          request("REPLY", "SKIP") + request("ECHO", "skipped") + request("ECHO", "heard"),
          "$5\r\nheard\r\n");
      harness.expect(
          peer,
          request("REPLY", "OFF") + request("ECHO", "a") + request("REPLY", "ON") + request("PING"),
          "+OK\r\n+PONG\r\n");
    }
  }

  @Test
  void aClientThatSaysNothingForTheTimeoutIsClosed() {
    try (var harness = new LoopHarness(kind)) {
      harness.server.settings.idleSeconds = 10;
      var idle = harness.connect();
      harness.clock.advanceMillis(6_000);
      var other = harness.connect();
      harness.clock.advanceMillis(5_000);
      harness.until(idle::ended);
      harness.expect(other, request("PING"), "+PONG\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatDoesNotReadIsClosedWithALine(boolean hard) {
    try (var harness = new LoopHarness(kind)) {
      long mega = 1 << 20;
      harness.server.settings.outputLimit(
          ClientClass.NORMAL, hard ? new OutputLimit(mega, 0, 0) : new OutputLimit(0, mega, 10));
      var other = harness.connect();
      var deaf = harness.connect();
      deaf.reading(false);
      var echo = request("ECHO", "x".repeat(60_000)).repeat(20);
      for (int i = 0; i < 20; i++) {
        deaf.send(ascii(echo));
        harness.settle();
      }
      if (!hard) {
        assertThat(harness.server.clients.size()).isEqualTo(2);
        harness.clock.advanceMillis(11_000);
      }
      harness.until(() -> harness.server.clients.size() == 1);
      assertThat(harness.server.events)
          .anyMatch(
              line ->
                  line.startsWith("Client id=2 ")
                      && line.endsWith(
                          "scheduled to be closed ASAP for overcoming of output buffer limits."));
      assertThat(harness.server.loop.stats().outputBufferDisconnections).isEqualTo(1);
      harness.expect(other, request("PING"), "+PONG\r\n");
      assertThat(harness.server.pool.usedBytes()).isZero();
    }
  }

  @Test
  void oneReplyBeyondTheHardLimitTakesNoMoreMemoryThanTheLimit() {
    try (var harness = new LoopHarness(kind)) {
      harness.server.settings.outputLimit(ClientClass.NORMAL, new OutputLimit(1 << 20, 0, 0));
      var peer = harness.connect();
      harness.expect(peer, request("PING"), "+PONG\r\n");
      peer.send(ascii(request("REPEAT", "30000", "y".repeat(1000))));
      harness.until(() -> harness.server.clients.size() == 0);
      assertThat(harness.server.pool.usedBytes()).isZero();
    }
  }

  @Test
  void aRequestBeyondTheQueryBufferLimitEndsTheConnectionWithALine() {
    try (var harness = new LoopHarness(kind)) {
      harness.server.settings.protocol.maxQueryBuffer = 1 << 20;
      var peer = harness.connect();
      peer.send(ascii("*2\r\n$4\r\nECHO\r\n$2000000\r\n" + "z".repeat(1_500_000)));
      harness.until(() -> harness.server.clients.size() == 0);
      assertThat(harness.server.events)
          .anyMatch(
              line ->
                  line.startsWith("Closing client that reached max query buffer length: id=1 ")
                      && line.contains(
                          "(qbuf initial bytes: \"*2\\r\\n$4\\r\\nECHO\\r\\n$2000000\\r\\nzzz"));
      assertThat(harness.server.loop.stats().queryBufferDisconnections).isEqualTo(1);
    }
  }

  @Test
  void theListTellsWhatAClientIs() {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      peer.send(ascii(request("LIST")));
      harness.until(() -> text(peer).contains("lib-ver="));
      assertThat(text(peer))
          .containsPattern(
              "id=1 addr=[0-9.]+:\\d+ laddr=[0-9.]+:\\d+ fd=\\d+ name= age=0 idle=0 flags=N db=0"
                  + " sub=0 psub=0 ssub=0 multi=-1 qbuf=\\d+ qbuf-free=\\d+ argv-mem=\\d+"
                  + " multi-mem=\\d+ rbs=\\d+ rbp=\\d+ obl=\\d+ oll=\\d+ omem=\\d+ tot-mem=\\d+"
                  + " events=r cmd=NULL user=default redir=-1 resp=2 lib-name= lib-ver=\n");
    }
  }

  @Test
  void aNewListenerServesAndAStoppedOneDoesNot() throws Exception {
    try (var harness = new LoopHarness(kind)) {
      var peer = harness.connect();
      harness.server.loop.stopServing(harness.listener);
      assertThat(harness.server.loop.listeners()).isEmpty();
      harness.expect(peer, request("PING"), "+PONG\r\n");
    }
  }
}
