package dev.holdfast.engine.loop;

import dev.holdfast.engine.client.ClientLog;
import dev.holdfast.engine.client.ClientSettings;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.Gate;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.memory.Slabs;
import dev.holdfast.engine.net.EpollNetwork;
import dev.holdfast.engine.net.Network;
import dev.holdfast.engine.net.NioNetwork;
import dev.holdfast.engine.protocol.BufferPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A loop with the toy executor, put together. */
final class ToyServer {
  final ClientSettings settings = new ClientSettings();
  final ToyLog log = new ToyLog();
  final BufferPool pool = new BufferPool();
  final List<String> events = Collections.synchronizedList(new ArrayList<>());
  final Network network;
  final Clients clients;
  private final Slabs slabs;
  final Loop loop;

  ToyServer(Network network, Clock clock) {
    this.network = network;
    this.slabs = new Slabs();
    var keyspace = new Keyspace(slabs, 16, 7, clock);
    var executor = new ToyExecutor(keyspace, log);
    this.clients = new Clients(settings, new Gate(), pool, clock);
    executor.clients = clients;
    var clientLog =
        new ClientLog() {
          @Override
          public void verbose(String line) {
            events.add(line);
          }

          @Override
          public void warning(String line) {
            events.add(line);
          }
        };
    this.loop =
        new Loop(new Loop.Parts(network, clients, pool, executor, keyspace, log, clock, clientLog));
  }

  /** Gives the memory back. */
  void close() {
    pool.close();
    slabs.close();
  }

  /** For comparisons by hand: {@code epoll|nio port}. */
  public static void main(String[] args) throws Exception {
    Network network = args[0].equals("nio") ? new NioNetwork() : new EpollNetwork();
    var server = new ToyServer(network, Clock.system());
    var listener = network.listen("127.0.0.1", Integer.parseInt(args[1]), 511);
    server.loop.serve(listener);
    System.out.println("Ready to accept connections on " + listener.local());
    var agent = server.loop.waiting();
    while (true) {
      agent.doWork();
    }
  }
}
