package dev.holdfast.engine.persistence;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.loop.CommandExecutor;
import dev.holdfast.engine.protocol.Args;
import java.io.IOException;
import java.util.Arrays;

/**
 * Executes the commands of one file as they are read, in batches, so that what the keys of a batch
 * lead to is brought near before it is needed.
 */
final class Replay {
  private static final int BATCH = 16;

  private final LogReading reading;
  private final long fileSize;
  private final CommandExecutor executor;
  private final Keyspace keyspace;
  private final Clock clock;
  private final Client client = Client.detached();
  private final Args[] batch = new Args[BATCH];
  private final long[] offsets = new long[BATCH];
  private final long[] hashes = new long[BATCH];
  private final long[] sizesBefore;
  private long errorsSeen;
  private long failedCommands;
  private String firstError;

  /**
   * @param fileSize of the file that is read, in bytes
   */
  Replay(
      LogReading reading, long fileSize, CommandExecutor executor, Keyspace keyspace, Clock clock) {
    this.reading = reading;
    this.fileSize = fileSize;
    this.executor = executor;
    this.keyspace = keyspace;
    this.clock = clock;
    this.sizesBefore = new long[keyspace.databases()];
    Arrays.setAll(batch, _ -> new Args());
    Arrays.setAll(sizesBefore, number -> keyspace.database(number).size());
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
      while (executeBatch(block)) {
        any = true;
      }
      expectMore(block.offset());
      reading.done(block);
      any = true;
      if (clock.monotonicNanos() - until >= 0) {
        break;
      }
    }
    return any;
  }

  /** False behind the last command of the block. */
  private boolean executeBatch(CommandBlock block) throws LoadException {
    int count = 0;
    while (count < BATCH && block.next(batch[count])) {
      offsets[count++] = block.offset();
    }
    prefetch(count);
    for (int i = 0; i < count; i++) {
      executor.execute(client, batch[i]);
      if (client.reply().errors() != errorsSeen) {
        judgeError(batch[i], offsets[i]);
      }
    }
    return count > 0;
  }

  /** The rest of the file will probably bring new keys as the part up to the offset did. */
  private void expectMore(long offset) {
    var database = keyspace.database(client.db);
    long size = database.size();
    long grown = size - sizesBefore[client.db];
    if (grown > 0 && offset > 0 && offset < fileSize) {
      database.expect(size + (long) ((double) grown * (fileSize - offset) / offset));
    }
  }

  /** Nothing but loads in the inner loops, so that the processor waits for many of them at once. */
  private void prefetch(int count) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      var args = batch[i];
      int key = executor.firstKey(args);
      if (key > 0) {
        long hash = keyspace.hash(args.address(key), args.length(key));
        args.hashed(key, hash);
        hashes[found++] = hash;
      }
    }
    keyspace.prefetch(client.db, hashes, found);
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

  private void judgeError(Args args, long offset) throws LoadException {
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
