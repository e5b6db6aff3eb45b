package dev.holdfast.engine.persistence;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.loop.CommandExecutor;
import dev.holdfast.engine.protocol.Args;
import dev.holdfast.formats.aof.AofLimits;
import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.Problem;
import dev.holdfast.formats.offheap.ByteSource;
import java.io.IOException;

/** Executes the commands of one file. */
final class Replay {
  private static final int COMMANDS_BETWEEN_LOOKS_AT_THE_CLOCK = 64;

  private final AofReader reader;
  private final CommandExecutor executor;
  private final Clock clock;
  private final Client client = Client.detached();
  private final Args args = new Args();
  private long commands;
  private long errorsSeen;
  private long failedCommands;
  private String firstError;

  Replay(ByteSource source, CommandExecutor executor, Clock clock) {
    this.reader = new AofReader(source, AofLimits.REPLAY);
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * Executes for about {@code nanos}; how it ended, or {@link Item#COMMAND} when there is more.
   *
   * @throws LoadException for a command that this server does not know
   */
  Item step(long nanos) throws IOException, LoadException {
    long end = clock.monotonicNanos() + nanos;
    while (true) {
      for (int i = 0; i < COMMANDS_BETWEEN_LOOKS_AT_THE_CLOCK; i++) {
        var item = reader.next();
        switch (item) {
          case COMMAND -> execute();
          case ANNOTATION -> {}
          case END, TRUNCATED, CORRUPT -> {
            return item;
          }
        }
      }
      if (clock.monotonicNanos() - end >= 0) {
        return Item.COMMAND;
      }
    }
  }

  private void execute() throws LoadException {
    args.clear();
    int count = reader.argCount();
    for (int i = 0; i < count; i++) {
      args.add(reader.argAddress(i), reader.argLength(i));
    }
    executor.execute(client, args);
    commands++;
    if (client.reply().errors() != errorsSeen) {
      judgeError();
    }
  }

  private void judgeError() throws LoadException {
    errorsSeen = client.reply().errors();
    var error = client.reply().lastError();
    if (error.startsWith("ERR unknown command") || args.is(0, "SELECT")) {
      throw new LoadException(
          "Unknown command '%s' reading the append only file, at offset %d: %s"
              .formatted(args.string(0), reader.offset(), error));
    }
    failedCommands++;
    if (firstError == null) {
      firstError = "%s at offset %d: %s".formatted(args.string(0), reader.offset(), error);
    }
  }

  /** Where to cut a file that ends in the middle of something. */
  long lastGoodOffset() {
    return reader.lastGoodOffset();
  }

  long offset() {
    return reader.endOffset();
  }

  Problem problem() {
    return reader.problem();
  }

  long commands() {
    return commands;
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
