package dev.holdfast.engine.server;

import dev.holdfast.engine.agent.Agent;
import dev.holdfast.engine.agent.AgentThread;
import dev.holdfast.engine.agent.Scheduler;
import dev.holdfast.engine.client.Gate;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Executor;
import dev.holdfast.engine.command.Keys;
import dev.holdfast.engine.command.ServerStats;
import dev.holdfast.engine.command.Slowlog;
import dev.holdfast.engine.command.Watches;
import dev.holdfast.engine.command.connection.Password;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.memory.Slabs;
import dev.holdfast.engine.persistence.DumpDifference;
import dev.holdfast.engine.persistence.EventLog;
import dev.holdfast.engine.persistence.LoadException;
import dev.holdfast.engine.persistence.Persistence;
import dev.holdfast.engine.persistence.PersistencePaths;
import dev.holdfast.engine.persistence.PersistenceSettings;
import dev.holdfast.engine.storage.DiskStorage;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a folder's {@code dump.rdb} holds newer data than its append-only file, for tools that
 * run before a server: loads the log as a server does, without a socket, and only where the files'
 * times leave a doubt. It takes the memory of the loaded data for as long.
 */
public final class DumpAgainstLog {

  private final List<AgentThread> agents = new ArrayList<>();

  private DumpAgainstLog() {}

  /**
   * Compares; changes nothing on the disk as long as there is a manifest.
   *
   * @param dumpFile directive {@code dbfilename}
   * @return empty when the log is not older, or holds the same data
   * @throws LoadException when one of them cannot be read, or holds what this server does not know
   */
  public static Optional<DumpDifference> find(
      PersistencePaths paths, String dumpFile, int databases, EventLog events)
      throws LoadException {
    return new DumpAgainstLog().compare(paths, dumpFile, databases, events);
  }

  private Optional<DumpDifference> compare(
      PersistencePaths paths, String dumpFile, int databases, EventLog events)
      throws LoadException {
    var clock = Clock.system();
    var random = new SecureRandom();
    var settings = new PersistenceSettings();
    settings.dumpFile = dumpFile;
    var keyspace = new Keyspace(new Slabs(), databases, random.nextLong(), clock);
    var persistence =
        new Persistence(
            new Persistence.Context(
                new DiskStorage(),
                clock,
                keyspace,
                paths,
                settings,
                events,
                this::startAgent,
                () -> {},
                Scheduler.threads()::rest));
    try {
      return persistence.compareWithDump(replay(keyspace, persistence, clock, random));
    } finally {
      persistence.abandonLoad();
      agents.forEach(AgentThread::close);
      persistence.free();
      keyspace.close();
    }
  }

  private static Executor replay(
      Keyspace keyspace, Persistence persistence, Clock clock, SecureRandom random) {
    var table = new CommandTable();
    var stats = new ServerStats();
    var keys =
        new Keys(keyspace, persistence.log(), new Gate(), new Watches(keyspace), stats, random);
    var executor = new Executor(table, keys, persistence.log(), clock, stats, new Slowlog());
    DataCommands.register(table, executor, random, new Password(), _ -> {}, () -> {});
    executor.loading(true);
    return executor;
  }

  private Runnable startAgent(Agent agent) {
    var thread = new AgentThread(agent, Duration.ofMillis(100), _ -> {}).start();
    agents.add(thread);
    return thread::wakeup;
  }
}
