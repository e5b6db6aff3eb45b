package dev.holdfast.engine.server;

import dev.holdfast.engine.health.Health;
import dev.holdfast.engine.info.ServerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What the server's health port answers, see {@code docs/pod.md}. */
final class EngineHealth implements Health {
  private static final long STUCK_NANOS = 60_000_000_000L;

  private final ServerState state;
  private final BooleanSupplier commandThreadAlive;
  private final Path report;

  /**
   * @param report the report of the last check, {@code <dir>/holdfast/check.json}
   */
  EngineHealth(ServerState state, BooleanSupplier commandThreadAlive, Path report) {
    this.state = state;
    this.commandThreadAlive = commandThreadAlive;
    this.report = report;
  }

  @Override
  public Answer live() {
    if (!commandThreadAlive.getAsBoolean() && !state.isEnding()) {
      return Answer.bad("the command thread is gone");
    }
    return Answer.good("alive");
  }

  @Override
  public Answer startup() {
    if (!state.isLoading()) {
      return state.isListening() ? Answer.good("listening") : Answer.bad("not listening yet");
    }
    return state.stuckNanos() < STUCK_NANOS
        ? Answer.good("loading: " + state.progressBytes() + " bytes so far")
        : Answer.bad(
            "loading has not advanced for a minute, at " + state.progressBytes() + " bytes");
  }

  @Override
  public Answer ready() {
    if (state.isEnding()) {
      return Answer.bad("shutting down");
    }
    if (state.isLoading()) {
      return Answer.bad("loading: " + state.progressBytes() + " bytes so far");
    }
    return state.isListening() ? Answer.good("ready") : Answer.bad("not listening yet");
  }

  @Override
  public Optional<String> verdict() {
    try {
      return Optional.of(Files.readString(report));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
