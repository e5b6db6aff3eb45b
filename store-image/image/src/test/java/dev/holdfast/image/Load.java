package dev.holdfast.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;

/**
 * Writers that set and delete few keys over and over, each on a connection of its own with
 * pipelines of random length, and remember what they sent and what was answered: so that of any
 * later state one can say whether an answered write is missing, or an old one is back.
 */
final class Load implements AutoCloseable {
  private static final int WRITERS = 3;
  private static final int SLOTS = 32;
  private static final int LONGEST_PIPELINE = 16;

  /** Between pipelines: the data stays small, so that a restart and its check take no time. */
  private static final long PAUSE_NANOS = 500_000;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final List<Writer> writers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * How far each writer was at one moment.
   *
   * @param secondAgo how many operations the server had executed more than a second before the last
   *     one that it answered. When it did so is not known to the writer, only that it was between
   *     sending and answer: an operation counts when it was answered a second before the last one
   *     was sent
   */
  record Moment(int[] sent, int[] answered, int[] secondAgo) {}

  Load() {
    for (var i = 0; i < WRITERS; i++) {
      writers.add(new Writer(i));
    }
  }

  /** Writes until the connections break or {@link #stop}. */
  void start(int port) {
    for (var writer : writers) {
      writer.stopped = false;
      threads.add(Thread.ofPlatform().name("writer-" + writer.id).start(() -> writer.run(port)));
    }
  }

  /** Waits for the end of the writers, whose server is gone or who are told to end. */
  void stop() {
    writers.forEach(writer -> writer.stopped = true);
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    threads.clear();
  }

  @Override
  public void close() {
    stop();
  }

  /** Answered operations without an error. */
  long answered() {
    return writers.stream().mapToLong(writer -> writer.answeredWell).sum();
  }

  /** Operations that were answered with an error. */
  long errors() {
    return writers.stream().mapToLong(writer -> writer.errors).sum();
  }

  Moment now() {
    var moment = new Moment(new int[WRITERS], new int[WRITERS], new int[WRITERS]);
    for (var writer : writers) {
      writer.look(moment);
    }
    return moment;
  }

  /**
   * The store holds what every writer was promised.
   *
   * @param promised by writer, how many operations must be there
   * @param sent by writer, how many operations may be there
   */
  void verify(Jedis store, int[] promised, int[] sent) {
    for (var writer : writers) {
      writer.verify(writer.found(store), promised[writer.id], sent[writer.id]);
    }
  }

  /** What the store holds now is where the writers go on from. */
  void goOnFrom(Jedis store) {
    for (var writer : writers) {
      writer.goOnFrom(writer.found(store));
    }
  }

  private static final class Operation {
    final int slot;
    final String value; // null: a deletion
    final long sentAt;
    volatile long answeredAt;
    volatile boolean failed;

    Operation(int slot, String value, long sentAt) {
      this.slot = slot;
      this.value = value;
      this.sentAt = sentAt;
    }
  }

  private static final class Writer {
    final int id;
    private final Random random;
    private final List<Operation> operations = new ArrayList<>();
    private String[] before = new String[SLOTS];
    private int answered;
    private long number;
    volatile boolean stopped;
    volatile long answeredWell;
    volatile long errors;

    Writer(int id) {
      this.id = id;
      this.random = new Random(id);
    }

    void run(int port) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        var in = new BufferedInputStream(socket.getInputStream());
        while (!stopped) {
          var pipeline = send(socket);
          for (var operation : pipeline) {
            answer(operation, line(in));
          }
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      } catch (IOException gone) {
        // What was sent and not answered may or may not be there.
      }
    }

    private List<Operation> send(Socket socket) throws IOException {
      var pipeline = new ArrayList<Operation>();
      var bytes = new StringBuilder();
      var now = System.nanoTime();
      for (var i = random.nextInt(LONGEST_PIPELINE); i >= 0; i--) {
        var slot = random.nextInt(SLOTS);
        var deletes = random.nextInt(5) == 0;
        var operation =
            new Operation(
                slot, deletes ? null : ++number + ":" + "x".repeat(random.nextInt(120)), now);
        pipeline.add(operation);
        bytes.append(deletes ? words("DEL", key(slot)) : words("SET", key(slot), operation.value));
      }
      synchronized (operations) {
        operations.addAll(pipeline);
      }
      socket.getOutputStream().write(bytes.toString().getBytes(StandardCharsets.US_ASCII));
      return pipeline;
    }

    private void answer(Operation operation, String reply) {
      operation.failed = reply.startsWith("-");
      operation.answeredAt = System.nanoTime();
      if (operation.failed) {
        errors++;
      } else {
        answeredWell++;
      }
      synchronized (operations) {
        answered++;
      }
    }

    private static String line(InputStream in) throws IOException {
      var line = new StringBuilder();
      for (var c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("closed");
        }
        line.append((char) c);
      }
      return line.toString();
    }

    private static String words(String... words) {
      var request = new StringBuilder("*" + words.length + "\r\n");
      for (var word : words) {
        request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
      }
      return request.toString();
    }

    private String key(int slot) {
      return "writer:" + id + ":" + slot;
    }

    void look(Moment moment) {
      synchronized (operations) {
        moment.sent()[id] = operations.size();
        moment.answered()[id] = answered;
        var old = answered;
        var last = answered == 0 ? 0 : operations.get(answered - 1).sentAt;
        while (old > 0 && last - operations.get(old - 1).answeredAt < SECOND) {
          old--;
        }
        moment.secondAgo()[id] = old;
      }
    }

    String[] found(Jedis store) {
      var keys = new String[SLOTS];
      for (var slot = 0; slot < SLOTS; slot++) {
        keys[slot] = key(slot);
      }
      return store.mget(keys).toArray(String[]::new);
    }

    void verify(String[] found, int promised, int sent) {
      List<Operation> all;
      synchronized (operations) {
        all = List.copyOf(operations.subList(0, sent));
      }
      if (all.stream().anyMatch(operation -> operation.failed)) {
        verifyEachKey(found, all, promised);
      } else {
        verifyPrefix(found, all, promised);
      }
    }

    /** No write was refused: the state is that after some number of operations. */
    private void verifyPrefix(String[] found, List<Operation> all, int promised) {
      var state = before.clone();
      for (var i = 0; i <= all.size(); i++) {
        if (i >= promised && List.of(nulls(state)).equals(List.of(nulls(found)))) {
          return;
        }
        if (i < all.size()) {
          state[all.get(i).slot] = all.get(i).value;
        }
      }
      // No prefix fits: say what is wrong key by key, which is easier to read.
      verifyEachKey(found, all, promised);
      throw new AssertionError(
          "writer %d: no prefix of at least %d and at most %d operations gives what was found"
              .formatted(id, promised, all.size()));
    }

    private static String[] nulls(String[] values) {
      var shown = new String[values.length];
      for (var i = 0; i < values.length; i++) {
        shown[i] = String.valueOf(values[i]);
      }
      return shown;
    }

    /** The outcome of a refused write is unknown: it may be there until the next one is. */
    private void verifyEachKey(String[] found, List<Operation> all, int promised) {
      for (var slot = 0; slot < SLOTS; slot++) {
        var possible = new ArrayList<String>();
        possible.add(String.valueOf(before[slot]));
        for (var i = 0; i < all.size(); i++) {
          var operation = all.get(i);
          if (operation.slot == slot) {
            if (i < promised && !operation.failed) {
              possible.clear();
            }
            possible.add(String.valueOf(operation.value));
          }
        }
        assertThat(possible)
            .as("key %s of %d promised and %d sent operations", key(slot), promised, all.size())
            .contains(String.valueOf(found[slot]));
      }
    }

    void goOnFrom(String[] found) {
      synchronized (operations) {
        before = found.clone();
        operations.clear();
        answered = 0;
      }
    }
  }
}
