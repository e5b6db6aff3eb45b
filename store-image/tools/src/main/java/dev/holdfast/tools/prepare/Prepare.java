package dev.holdfast.tools.prepare;

import dev.holdfast.engine.config.DiskConfigFiles;
import dev.holdfast.engine.health.HealthServer;
import dev.holdfast.tools.check.Failure;
import dev.holdfast.tools.process.Exec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code holdfast-prepare}: the entry point of a store's container, so that it runs before every
 * start, also after a crash inside a running pod. It checks the data, repairs what the budget
 * allows, and becomes the server; where a decision is needed it stays parked instead: alive, not
 * ready, with the verdict on the health port. {@code docs/pod.md} is the contract.
 *
 * <p>Exit codes: 0 passed or repaired and 3 parked (both only with {@code --once}), 2 a mistake in
 * the arguments, 1 anything else. SIGTERM ends it at once in every state: a repair that is cut
 * short is found again at the next start.
 */
public final class Prepare {

  static final int PASSED = 0;
  static final int FAILED = 1;
  static final int USAGE_ERROR = 2;
  static final int PARKED = 3;

  private static final long LONGEST_SECONDS_BETWEEN_LOOKS = 30;

  private final Settings settings;
  private final Map<String, String> environment;
  private final Optional<String> ownServer;
  private final InstantSource clock;
  private final PrintStream out;
  private final PrepareHealth health = new PrepareHealth();

  private Prepare(
      Settings settings,
      Map<String, String> environment,
      Optional<String> ownServer,
      InstantSource clock,
      PrintStream out) {
    this.settings = settings;
    this.environment = environment;
    this.ownServer = ownServer;
    this.clock = clock;
    this.out = out;
  }

  /** The program. */
  public static void main(String[] args) {
    var ownServer = Optional.ofNullable(System.getProperty("holdfast.server"));
    System.exit(run(args, System.getenv(), ownServer, InstantSource.system(), System.out));
  }

  /**
   * The program without the process. Returns the exit code, or not at all when it became the server
   * or stays parked.
   *
   * @param ownServer the server that belongs to this program's folder or image
   */
  public static int run(
      String[] args,
      Map<String, String> environment,
      Optional<String> ownServer,
      InstantSource clock,
      PrintStream out) {
    if (args.length == 1 && (args[0].equals("-h") || args[0].equals("--help"))) {
      out.print(Settings.USAGE);
      return PASSED;
    }
    Settings settings;
    try {
      settings = Settings.parse(args, environment);
    } catch (IllegalArgumentException e) {
      out.println("holdfast-prepare: " + e.getMessage());
      out.print(Settings.USAGE);
      return USAGE_ERROR;
    }
    try {
      return new Prepare(settings, environment, ownServer, clock, out).run();
    } catch (IllegalArgumentException e) {
      out.println("holdfast-prepare: " + e.getMessage());
      return USAGE_ERROR;
    } catch (IOException e) {
      String line = "holdfast-prepare: " + Failure.named(e);
      out.println(line);
      new TerminationMessage(settings).write(line);
      return FAILED;
    }
  }

  private int run() throws IOException {
    var config =
        StoreConfig.read(
            settings.configFile().map(Path::toString),
            settings.serverArguments(),
            new DiskConfigFiles(Path.of("")));
    Path data =
        settings
            .data()
            .or(() -> config.dir().map(Path::of))
            .orElse(Path.of(""))
            .toAbsolutePath()
            .normalize();
    List<String> server = settings.once() ? List.of() : ServerCommand.of(settings, data, ownServer);
    Optional<HealthServer> port = listen();
    var preparation =
        new Preparation(settings, config.folder(data), config.databases(), clock, out);
    var outcome = settings.once() ? preparation.run() : patiently(preparation);
    new TerminationMessage(settings).write(outcome.summary());
    if (settings.once()) {
      return outcome.parked() ? PARKED : PASSED;
    }
    if (outcome.parked()) {
      health.parked(outcome.summary(), outcome.report().toJson());
      waitForTheEnd();
    }
    port.ifPresent(HealthServer::close);
    throw Exec.replaceProcess(server, environment.getOrDefault("PATH", ""));
  }

  /**
   * Data that cannot be read needs a person too, and ending would only start a loop of crashes that
   * tells nobody why. So it parks meanwhile, and looks again, because what is in the way may go
   * without a new pod: a permission, a disk, another program's lock.
   */
  private Preparation.Outcome patiently(Preparation preparation) {
    var said = "";
    for (long seconds = 1; ; seconds = Math.min(2 * seconds, LONGEST_SECONDS_BETWEEN_LOOKS)) {
      try {
        return preparation.run();
      } catch (IOException e) {
        var unreadable = preparation.unreadable(e);
        if (!said.equals(unreadable.summary())) {
          said = unreadable.summary();
          out.println(said);
          new TerminationMessage(settings).write(said);
          health.parked(said, unreadable.report().toJson());
        }
      }
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
    }
  }

  private Optional<HealthServer> listen() throws IOException {
    if (settings.once() || settings.healthPort().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        HealthServer.start(
            settings.bind(),
            settings.healthPort().getAsInt(),
            health,
            this::password,
            settings.configFile()));
  }

  private Optional<String> password() {
    return settings
        .auth()
        .flatMap(
            folder -> {
              try {
                return Optional.of(Files.readString(folder.resolve("password")).strip());
              } catch (IOException e) {
                return Optional.empty();
              }
            });
  }

  private static void waitForTheEnd() {
    var never = new CountDownLatch(1);
    while (true) {
      try {
        never.await();
      } catch (InterruptedException e) {
        // Nothing in here interrupts this thread; the pod ends by a signal.
      }
    }
  }
}
