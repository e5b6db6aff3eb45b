package dev.holdfast.engine.server;

import dev.holdfast.engine.agent.SimScheduler;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.config.CommandLine;
import dev.holdfast.engine.config.Config;
import dev.holdfast.engine.config.ConfigException;
import dev.holdfast.engine.config.ConfigFile;
import dev.holdfast.engine.config.DiskConfigFiles;
import dev.holdfast.engine.net.SimNetwork;
import dev.holdfast.engine.net.SimPeer;
import dev.holdfast.engine.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A whole engine without threads, sockets, time and disk of the system: everything comes from one
 * seed and happens on the caller's thread.
 */
public final class SimEngine implements AutoCloseable {
  private static final int STEPS_OF_A_START = 100_000;

  public final SimScheduler scheduler = new SimScheduler();
  private final SimNetwork network;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Engine engine;

  public SimEngine(Storage storage, Clock clock, long seed, List<String> options) {
    network = new SimNetwork(seed);
    try {
      var config = new Config();
      var all = new ArrayList<>(List.of("--port", "6379", "--bind", "10.0.0.2", "--dir", "/data"));
      all.addAll(List.of("--save", "", "--appendonly", "yes"));
      all.addAll(options);
      var files = new DiskConfigFiles(Path.of("/data"));
      CommandLine.parse(all).apply(new ConfigFile(config, files));
      engine =
          Engine.start(
              config,
              new Surroundings(
                  clock,
                  storage,
                  network,
                  scheduler,
                  new SplittableRandom(seed),
                  seed,
                  "0".repeat(40),
                  files,
                  null,
                  "",
                  new Log(clock, log, 1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Goes on until it serves. */
  public SimEngine load() {
    for (int i = 0; engine.state().isLoading() || i == 0; i++) {
      if (engine.ended().isDone() || i > STEPS_OF_A_START) {
        throw new AssertionError("does not start: " + log.toString(StandardCharsets.UTF_8));
      }
      scheduler.stepAll();
    }
    return this;
  }

  /** Whether peers seem to be on the server's machine. */
  public SimEngine peersAreLocal(boolean local) {
    network.local = local;
    return this;
  }

  public SimPeer connect() {
    return network.connect();
  }

  /** As a process that is gone. */
  @Override
  public void close() {
    engine.persistence().free();
    scheduler.stop();
    engine.close();
  }
}
