package dev.holdfast.engine.server;

import dev.holdfast.engine.agent.Scheduler;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.config.CommandLine;
import dev.holdfast.engine.config.Config;
import dev.holdfast.engine.config.ConfigException;
import dev.holdfast.engine.config.ConfigFile;
import dev.holdfast.engine.config.DiskConfigFiles;
import dev.holdfast.engine.net.Networks;
import dev.holdfast.engine.stock.RawClient;
import dev.holdfast.engine.storage.DiskStorage;
import dev.holdfast.engine.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A whole engine in this process, on a free port, with its log at hand. */
public final class TestEngine implements AutoCloseable {
  private final Engine engine;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private TestEngine(Path folder, Clock clock, Storage storage, String... options) {
    try {
      var config = new Config();
      var all =
          new ArrayList<>(
              List.of("--port", "0", "--bind", "127.0.0.1", "--dir", folder.toString()));
      all.addAll(
          List.of(
              "--save", "", "--enable-debug-command", "yes", "--enable-protected-configs", "yes"));
      all.addAll(List.of(options));
      var files = new DiskConfigFiles(folder);
      CommandLine.parse(all).apply(new ConfigFile(config, files));
      engine =
          Engine.start(
              config,
              new Surroundings(
                  clock,
                  storage,
                  Networks.best(line -> {}),
                  Scheduler.threads(),
                  new SplittableRandom(1),
                  42,
                  "0".repeat(40),
                  files,
                  folder.resolve("redis.conf").toString(),
                  "",
                  new Log(clock, log, 1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Starts an engine and waits until it serves. */
  public static TestEngine start(Path folder, String... options) {
    return start(folder, Clock.system(), options);
  }

  /** Starts an engine that lives by the given clock, and waits until it serves. */
  public static TestEngine start(Path folder, Clock clock, String... options) {
    return start(folder, clock, new DiskStorage(), options);
  }

  /** Starts an engine on the given storage, and waits until it serves, or refuses to. */
  static TestEngine start(Path folder, Clock clock, Storage storage, String... options) {
    var started = new TestEngine(folder, clock, storage, options);
    Eventually.eventually(
        "the engine has loaded or ended",
        () -> !started.engine.state().isLoading() || started.engine.ended().isDone());
    return started;
  }

  /** Starts an engine on the given storage, which may take its time to load. */
  static TestEngine starting(Path folder, Clock clock, Storage storage, String... options) {
    return new TestEngine(folder, clock, storage, options);
  }

  public Engine engine() {
    return engine;
  }

  public int port() {
    return engine.port();
  }

  public RawClient client() throws IOException {
    return new RawClient(port());
  }

  /** Everything logged so far. */
  public String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    engine.close();
  }
}
