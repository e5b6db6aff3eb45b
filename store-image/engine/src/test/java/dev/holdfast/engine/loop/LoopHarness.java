package dev.holdfast.engine.loop;

import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.net.Listener;
import dev.holdfast.engine.net.NetworkKind;
import dev.holdfast.engine.net.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Drives a toy server and its peers by hand on one thread. */
final class LoopHarness implements AutoCloseable {
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  final NetworkKind kind;
  final SteppingClock clock = new SteppingClock(1_000, 0);
  final ToyServer server;
  final Listener listener;
  final List<Peer> peers = new ArrayList<>();

  LoopHarness(NetworkKind kind) {
    this(kind, 1);
  }

  LoopHarness(NetworkKind kind, long seed) {
    this.kind = kind;
    this.server = new ToyServer(kind.create(seed), clock);
    try {
      this.listener = server.network.listen("127.0.0.1", 0, 511);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.loop.serve(listener);
  }

  /** A peer that the loop has accepted. */
  Peer connect() {
    long before = server.loop.stats().connectionsReceived;
    var peer = kind.connect(server.network, listener);
    peers.add(peer);
    until(() -> server.loop.stats().connectionsReceived > before);
    return peer;
  }

  void step() {
    peers.forEach(Peer::pump);
    server.loop.doWork();
    peers.forEach(Peer::pump);
  }

  /** Steps until the condition holds. */
  void until(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        fail("did not happen; log: %s", server.events);
      }
      step();
    }
  }

  /** Steps until nothing moves any more. */
  void settle() {
    for (int quiet = 0; quiet < 60; quiet++) {
      long before = received();
      peers.forEach(Peer::pump);
      if (server.loop.doWork() > 0) {
        quiet = 0;
      }
      peers.forEach(Peer::pump);
      if (received() != before) {
        quiet = 0;
      }
    }
  }

  private long received() {
    return peers.stream().mapToLong(peer -> peer.received().length).sum();
  }

  /** Sends and waits until exactly this was received in answer. */
  void expect(Peer peer, String request, String reply) {
    int before = peer.received().length;
    peer.send(ascii(request));
    until(() -> peer.received().length >= before + reply.length() || peer.ended());
    settle();
    var all = text(peer);
    var answer = all.substring(Math.min(before, all.length()));
    if (!answer.equals(reply)) {
      fail("to %s expected %s but got %s", request, reply, answer);
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(Peer peer) {
    return new String(peer.received(), StandardCharsets.ISO_8859_1);
  }

  /** A request as clients send it. */
  static String request(String... words) {
    var text = new StringBuilder("*").append(words.length).append("\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  @Override
  public void close() {
    server.loop.onClose();
    server.network.close();
    server.close();
  }
}
