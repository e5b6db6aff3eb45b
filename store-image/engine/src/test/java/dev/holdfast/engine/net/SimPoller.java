package dev.holdfast.engine.net;

import java.util.ArrayList;
import java.util.List;

final class SimPoller implements Poller {
  private final SimNetwork network;
  private final List<Pollable> ready = new ArrayList<>();

  SimPoller(SimNetwork network) {
    this.network = network;
  }

  @Override
  public int poll(long timeoutNanos) {
    ready.clear();
    for (var socket : network.shuffled()) {
      if (readable(socket) || writable(socket)) {
        ready.add(socket);
      }
    }
    return ready.size();
  }

  private static boolean readable(Pollable socket) {
    return switch (socket) {
      case SimListener listener -> listener.on && !listener.waiting.isEmpty();
      case SimConnection connection -> connection.isReadable();
      default -> throw new IllegalStateException();
    };
  }

  private static boolean writable(Pollable socket) {
    return socket instanceof SimConnection connection && connection.isWritable();
  }

  @Override
  public Pollable ready(int i) {
    return network.sockets.contains(ready.get(i)) ? ready.get(i) : null;
  }

  @Override
  public boolean readable(int i) {
    return readable(ready.get(i));
  }

  @Override
  public boolean writable(int i) {
    return writable(ready.get(i));
  }

  @Override
  public void wakeup() {}
}
