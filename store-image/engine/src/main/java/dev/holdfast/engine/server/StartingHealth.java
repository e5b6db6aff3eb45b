package dev.holdfast.engine.server;

import dev.holdfast.engine.health.Health;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the health port answers from before the engine is there: that it starts, then what {@link
 * EngineHealth} says. Set by the main thread, read by the health server's.
 */
final class StartingHealth implements Health {
  private final Path report;
  private volatile Engine engine;
  private volatile EngineHealth health;

  /**
   * @param report the report of the last check, {@code <dir>/holdfast/check.json}
   */
  StartingHealth(Path report) {
    this.report = report;
  }

  void started(Engine started) {
    engine = started;
    health = new EngineHealth(started.state(), started::isAlive, report);
  }

  /** The server's password; none before there is a server. */
  Optional<String> password() {
    var started = engine;
    return started == null ? Optional.empty() : started.password().get();
  }

  @Override
  public Answer live() {
    var started = health;
    return started == null ? Answer.good("starting") : started.live();
  }

  @Override
  public Answer startup() {
    var started = health;
    return started == null ? Answer.good("starting") : started.startup();
  }

  @Override
  public Answer ready() {
    var started = health;
    return started == null ? Answer.bad("starting") : started.ready();
  }

  @Override
  public Optional<String> verdict() {
    var started = health;
    return started == null ? Optional.empty() : started.verdict();
  }
}
