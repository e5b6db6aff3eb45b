package dev.holdfast.engine.net;

import java.util.ArrayDeque;
import java.util.Queue;

final class SimListener implements Listener {
  final Queue<SimConnection> waiting = new ArrayDeque<>();
  boolean on = true;
  private final SimNetwork network;
  private final String address;
  private final int port;

  SimListener(SimNetwork network, String address, int port) {
    this.network = network;
    this.address = address;
    this.port = port;
  }

  @Override
  public Connection accept() {
    var connection = waiting.poll();
    if (connection != null) {
      network.sockets.add(connection);
    }
    return connection;
  }

  @Override
  public String failure() {
    return null;
  }

  @Override
  public void accepting(boolean on) {
    this.on = on;
  }

  @Override
  public String local() {
    return address + ":" + port;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    network.sockets.remove(this);
  }
}
