package dev.holdfast.tools.prepare;

import dev.holdfast.engine.health.Health;
import java.util.Optional;

/**
 * What the health port says before the server has taken over. Written by the main thread, read by
 * the health server's.
 */
final class PrepareHealth implements Health {

  private volatile String line = "checking the data";
  private volatile Optional<String> verdict = Optional.empty();

  /**
   * A decision is needed.
   *
   * @param reason one line that says which
   * @param report the report as JSON
   */
  void parked(String reason, String report) {
    verdict = Optional.of(report);
    line = "parked: " + reason;
  }

  @Override
  public Answer live() {
    return Answer.good(line);
  }

  @Override
  public Answer startup() {
    return Answer.good(line);
  }

  @Override
  public Answer ready() {
    return Answer.bad(line);
  }

  @Override
  public Optional<String> verdict() {
    return verdict;
  }
}
