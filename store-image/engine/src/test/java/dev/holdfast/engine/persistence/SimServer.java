package dev.holdfast.engine.persistence;

import dev.holdfast.engine.agent.Agent;
import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.memory.Slabs;
import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.engine.storage.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A store without sockets and threads: the keyspace, persistence on a simulated disk, and agents
 * that are stepped by hand.
 */
final class SimServer implements AutoCloseable {
  static final Path DIR = Path.of("/data");
  static final Path FOLDER = DIR.resolve("appendonlydir");
  static final int DATABASES = 3;

  final SimStorage storage;
  final SteppingClock clock;
  final PersistenceSettings settings;
  final Persistence persistence;
  final MiniCommands commands;
  final List<String> events = new ArrayList<>();
  private boolean agentWorks;
  private final List<Agent> agents = new ArrayList<>();
  private final Slabs slabs;
  private final boolean ownsSlabs;
  private final Keyspace keyspace;
  private final Client client = Client.detached();

  SimServer(SimStorage storage, SteppingClock clock, PersistenceSettings settings) {
    this(storage, storage, clock, settings, new Slabs(), true);
  }

  /**
   * @param seen the disk as the server sees it: the storage, or something that stands before it
   * @param slabs memory, which many servers may use one after the other
   */
  SimServer(
      SimStorage storage,
      Storage seen,
      SteppingClock clock,
      PersistenceSettings settings,
      Slabs slabs) {
    this(storage, seen, clock, settings, slabs, false);
  }

  private SimServer(
      SimStorage storage,
      Storage seen,
      SteppingClock clock,
      PersistenceSettings settings,
      Slabs slabs,
      boolean ownsSlabs) {
    this.slabs = slabs;
    this.ownsSlabs = ownsSlabs;
    this.storage = storage;
    this.clock = clock;
    this.settings = settings;
    this.keyspace = new Keyspace(slabs, DATABASES, 42, clock);
    this.commands = new MiniCommands(keyspace);
    this.persistence =
        new Persistence(
            new Persistence.Context(
                seen,
                clock,
                keyspace,
                new PersistencePaths(DIR, "appendonlydir", "appendonly.aof"),
                settings,
                new Events(),
                agent -> {
                  agents.add(agent);
                  return () -> {};
                },
                () -> {},
                this::stepAgents));
  }

  private final class Events implements EventLog {
    @Override
    public void notice(String line) {
      events.add(line);
    }

    @Override
    public void warning(String line) {
      events.add(line);
    }
  }

  /** Loads to the end. */
  SimServer load(boolean appendOnly) throws LoadException {
    persistence.beginLoad(appendOnly, commands);
    while (!persistence.loadStep(1_000_000)) {
      stepAgents();
    }
    return this;
  }

  /** Executes a command and appends its effect. */
  void execute(int db, List<String> words) {
    commands.apply(client, db, words);
    try (var args = new NativeWords(words)) {
      persistence.log().append(db, args.args());
    }
    persistence.changed(1);
  }

  void stepAgents() {
    for (var agent : agents) {
      agent.doWork();
    }
  }

  void stepSomeAgent(RandomGenerator random) {
    stepBesideTheLoop(agents.get(random.nextInt(agents.size())));
  }

  void stepAgentsBesideTheLoop() {
    agents.forEach(this::stepBesideTheLoop);
  }

  private void stepBesideTheLoop(Agent agent) {
    agentWorks = true;
    agent.doWork();
    agentWorks = false;
  }

  /**
   * Called at a call to the disk: if an agent made it, the command thread does something meanwhile,
   * as it would on a thread of its own.
   */
  void besideAgent(Runnable commandThread) {
    if (agentWorks) {
      agentWorks = false;
      commandThread.run();
      agentWorks = true;
    }
  }

  /** Iterations of the loop, with agents, until nothing is left to do. */
  void settle() {
    int idle = 0;
    while (idle < 4) {
      persistence.log().endOfIteration();
      int work = persistence.doWork();
      for (var agent : agents) {
        work += agent.doWork();
      }
      idle = work == 0 ? idle + 1 : 0;
    }
  }

  Map<String, String> contents() {
    return commands.contents();
  }

  @Override
  public void close() {
    persistence.free();
    keyspace.close();
    if (ownsSlabs) {
      slabs.close();
    }
  }
}
