package dev.holdfast.engine.persistence;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.loop.CommandExecutor;
import dev.holdfast.engine.protocol.Args;
import java.io.IOException;

/** Executes the commands of one file as they are read. */
final class Replay {
  private final LogReading reading;
  private final CommandExecutor executor;
  private final Clock clock;
  private final Client client = Client.detached();
  private final Args args = new Args();
  private long errorsSeen;
  private long failedCommands;
  private String firstError;

  Replay(LogReading reading, CommandExecutor executor, Clock clock) {
    this.reading = reading;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * Executes for about {@code nanos} what is there.
   *
   * @return whether anything was
   * @throws IOException when the file could not be read
   * @throws LoadException for a command that this server does not know
   */
  boolean step(long nanos) throws IOException, LoadException {
    long until = clock.monotonicNanos() + nanos;
    boolean any = false;
    for (var block = reading.poll(); block != null; block = reading.poll()) {
      while (block.next(args)) {
        executor.execute(client, args);
        if (client.reply().errors() != errorsSeen) {
          judgeError(block.offset());
        }
      }
      reading.done(block);
      any = true;
      if (clock.monotonicNanos() - until >= 0) {
        break;
      }
    }
    return any;
  }

  /** Whether everything was read; asked before {@link #step}, which then gives what is left. */
  boolean isFinished() {
    return reading.isFinished();
  }

  /** How the file ends, once it is read and everything is executed. */
  LogEnd end() throws IOException {
    if (reading.failure() != null) {
      throw reading.failure();
    }
    return reading.end();
  }

  private void judgeError(long offset) throws LoadException {
    errorsSeen = client.reply().errors();
    var error = client.reply().lastError();
    if (error.startsWith("ERR unknown command") || args.is(0, "SELECT")) {
      throw new LoadException(
          "Unknown command '%s' reading the append only file, at offset %d: %s"
              .formatted(args.string(0), offset, error));
    }
    failedCommands++;
    if (firstError == null) {
      firstError = "%s at offset %d: %s".formatted(args.string(0), offset, error);
    }
  }

  long offset() {
    return reading.position();
  }

  void abandon() {
    reading.abandon();
  }

  void close() {
    reading.close();
  }

  /**
   * Commands that answered with an error, which effects never do when files and server fit
   * together.
   */
  long failedCommands() {
    return failedCommands;
  }

  String firstError() {
    return firstError;
  }
}
