package dev.holdfast.engine.stock;

import java.io.IOException;

/** The process of a stock server, which ends with this one at the latest. */
final class StockProcess implements AutoCloseable {
  private final Process process;
  private final Thread atTheEnd;

  private StockProcess(Process process) {
    this.process = process;
    this.atTheEnd = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atTheEnd);
  }

  static StockProcess start(ProcessBuilder builder) throws IOException {
    return new StockProcess(builder.start());
  }

  Process process() {
    return process;
  }

  /** Kills it, and waits until it is gone, even when this thread is interrupted. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    try {
      Runtime.getRuntime().removeShutdownHook(atTheEnd);
    } catch (IllegalStateException ending) {
      // The hook runs already.
    }
  }
}
