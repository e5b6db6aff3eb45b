package dev.holdfast.engine.server;

import dev.holdfast.engine.agent.Scheduler;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.config.CommandLine;
import dev.holdfast.engine.config.Config;
import dev.holdfast.engine.config.ConfigException;
import dev.holdfast.engine.config.ConfigFile;
import dev.holdfast.engine.config.DiskConfigFiles;
import dev.holdfast.engine.config.Refused;
import dev.holdfast.engine.health.HealthServer;
import dev.holdfast.engine.net.Networks;
import dev.holdfast.engine.storage.DirectoryLock;
import dev.holdfast.engine.storage.DiskStorage;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * {@code holdfast-server [configuration file] [--directive value …]}: reads the configuration,
 * takes the directory, serves, ends.
 */
public final class Main {
  private static final String USAGE =
      """
      Usage: holdfast-server [/path/to/redis.conf] [options] [-]
             holdfast-server - (read the configuration from stdin)
             holdfast-server -v or --version
             holdfast-server -h or --help

      Options are directives of the configuration file with two dashes before the name:
             holdfast-server /etc/redis.conf --port 7777 --appendonly yes
      """;

  private Main() {}

  /** Ends with 0 after SIGTERM, SIGINT or {@code SHUTDOWN}, and with 1 when it cannot start. */
  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    if (words.contains("-h") || words.contains("--help")) {
      System.out.print(USAGE);
      return;
    }
    if (words.contains("-v") || words.contains("--version")) {
      System.out.println(
          "Holdfast server v=1.0, speaks Redis 7.2.4, Java "
              + System.getProperty("java.vm.version"));
      return;
    }
    int code;
    try {
      code = serve(CommandLine.parse(words));
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      code = 1;
    }
    Runtime.getRuntime().halt(code);
  }

  private static int serve(CommandLine line) throws ConfigException {
    Config config = configure(line);
    Path directory = directory(config);
    try (OutputStream out = logStream(config)) {
      var log = new Log(Clock.system(), out, ProcessHandle.current().pid());
      log.level(Log.Level.of(config.text("loglevel")));
      log.notice("Holdfast is starting, version 1.0, pid=" + ProcessHandle.current().pid());
      try (var lock =
          DirectoryLock.acquire(
              directory, "holdfast-server, process " + ProcessHandle.current().pid())) {
        return run(config, line.file(), directory, log);
      } catch (IOException e) {
        log.warning(e.getMessage());
        return 1;
      }
    } catch (IOException e) {
      throw new ConfigException("Can't open the log file: " + e.getMessage());
    }
  }

  private static int run(Config config, String file, Path directory, Log log)
      throws IOException, ConfigException {
    String configFile = file == null ? null : Path.of(file).toAbsolutePath().toString();
    var random = new SecureRandom();
    var surroundings =
        new Surroundings(
            Clock.system(),
            new DiskStorage(),
            Networks.best(log::warning),
            Scheduler.threads(),
            new SplittableRandom(random.nextLong()),
            random.nextLong(),
            hex(random),
            new DiskConfigFiles(Path.of("").toAbsolutePath()),
            configFile,
            passwordFromFile(config),
            log);
    // The health port comes first: when it is taken, the data was not even opened.
    var health = new StartingHealth(directory.resolve("holdfast").resolve("check.json"));
    try (var port = health(config, configFile, health);
        var engine = Engine.start(config, surroundings)) {
      health.started(engine);
      Signals.endOn(engine, log);
      return engine.ended().join();
    }
  }

  private static String hex(SecureRandom random) {
    byte[] bytes = new byte[20];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Config configure(CommandLine line) throws ConfigException {
    var config = new Config();
    var reader = new ConfigFile(config, new DiskConfigFiles(Path.of("").toAbsolutePath()));
    try {
      if (line.file() != null) {
        reader.load(line.file());
      }
      if (line.standardInput()) {
        reader.loadText(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new ConfigException("Can't read the configuration from stdin: " + e.getMessage());
    }
    line.apply(reader);
    return config;
  }

  private static Path directory(Config config) throws ConfigException {
    Path directory = Path.of(config.text("dir")).toAbsolutePath().normalize();
    if (!Files.isDirectory(directory)) {
      throw new ConfigException(
          "Can't chdir to '" + config.text("dir") + "': No such file or directory");
    }
    try {
      config.load("dir", List.of(directory.toString()));
    } catch (Refused e) {
      throw new IllegalStateException(e);
    }
    return directory;
  }

  private static OutputStream logStream(Config config) throws IOException {
    String file = config.text("logfile");
    return file.isEmpty()
        ? new FileOutputStream(FileDescriptor.out)
        : new FileOutputStream(file, true);
  }

  /**
   * The file may change while the server runs; then {@code CONFIG SET requirepass} brings the new
   * one.
   */
  private static String passwordFromFile(Config config) throws ConfigException {
    String name = config.text("requirepass-file");
    if (name.isEmpty()) {
      return "";
    }
    Path file = Files.isDirectory(Path.of(name)) ? Path.of(name, "password") : Path.of(name);
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConfigException(
          "Can't read the password from '" + file + "' (requirepass-file): " + e);
    }
  }

  private static HealthServer health(Config config, String configFile, StartingHealth health)
      throws IOException {
    int port = (int) config.number("health-port");
    if (port == 0) {
      return null;
    }
    List<String> addresses =
        config.words("bind").stream().filter(a -> !a.startsWith("-") && !a.equals("*")).toList();
    return HealthServer.start(
        addresses, port, health, health::password, Optional.ofNullable(configFile).map(Path::of));
  }
}
