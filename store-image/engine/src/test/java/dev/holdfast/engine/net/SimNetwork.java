package dev.holdfast.engine.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Sockets without a system: one seed decides how many bytes each read and write moves, which ready
 * sockets a poll reports and in which order. Nothing waits; peers and server run on one thread.
 */
public final class SimNetwork implements Network {
  final Random random;
  final List<Pollable> sockets = new ArrayList<>();
  private final List<SimListener> listeners = new ArrayList<>();
  private final SimPoller poller = new SimPoller(this);
  private int descriptors;

  /** Bytes that fit between a server and a peer that does not read. */
  public int capacity = 64 << 10;

  /** Whether peers seem to be on this machine. */
  public boolean local = true;

  public SimNetwork(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public Listener listen(String address, int port, int backlog) {
    var listener = new SimListener(this, address, port == 0 ? 1024 + listeners.size() : port);
    listeners.add(listener);
    sockets.add(listener);
    return listener;
  }

  @Override
  public Listener listenUnix(Path path, int mode, int backlog) {
    throw new UnsupportedOperationException("the simulated network has no Unix sockets");
  }

  /** A peer connects to the first listener. */
  public SimPeer connect() {
    var connection = new SimConnection(this, ++descriptors);
    listeners.getFirst().waiting.add(connection);
    return new SimPeer(connection);
  }

  int some(int most) {
    return switch (random.nextInt(4)) {
      case 0 -> 1;
      case 1 -> most;
      default -> 1 + random.nextInt(most);
    };
  }

  List<Pollable> shuffled() {
    var some = new ArrayList<Pollable>();
    for (var socket : sockets) {
      if (random.nextInt(4) > 0) {
        some.add(socket);
      }
    }
    Collections.shuffle(some, random);
    return some;
  }

  @Override
  public Poller poller() {
    return poller;
  }

  @Override
  public String name() {
    return "sim";
  }

  @Override
  public void close() {}
}
