package dev.holdfast.engine.command;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.protocol.Args;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last commands that took long, newest first. Owned by the command thread. */
public final class Slowlog {
  private static final int MOST_WORDS = 32;
  private static final int LONGEST_WORD = 128;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long nextId;
  private long thresholdNanos = 10_000_000;
  private long capacity = 128;

  /**
   * One slow command.
   *
   * @param seconds Unix time at its end
   * @param words its words, shortened
   */
  public record Entry(
      long id, long seconds, long micros, List<byte[]> words, String address, String name) {}

  /** {@code slowlog-log-slower-than} in microseconds; negative switches it off. */
  public void threshold(long micros) {
    thresholdNanos =
        micros < 0
            ? Long.MAX_VALUE
            : micros > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : micros * 1000;
  }

  /** {@code slowlog-max-len}. */
  public void capacity(long entries) {
    capacity = entries;
    trim();
  }

  boolean isSlow(long nanos) {
    return nanos >= thresholdNanos && thresholdNanos != Long.MAX_VALUE;
  }

  void add(Client client, Command command, Args args, long nanos, long nowMillis) {
    var words = new ArrayList<byte[]>();
    int shown = args.count() > MOST_WORDS ? MOST_WORDS - 1 : args.count();
    for (int i = 0; i < shown; i++) {
      words.add(Secrets.hides(command, args, i) ? ascii("(redacted)") : word(args, i));
    }
    if (shown < args.count()) {
      words.add(ascii("... (" + (args.count() - shown) + " more arguments)"));
    }
    entries.addFirst(
        new Entry(
            nextId++,
            nowMillis / 1000,
            nanos / 1000,
            List.copyOf(words),
            client.address(),
            client.name));
    trim();
  }

  private static byte[] word(Args args, int i) {
    int length = args.length(i);
    if (length <= LONGEST_WORD) {
      return args.bytes(i);
    }
    return ascii(
        Memory.ascii(args.address(i), LONGEST_WORD)
            + "... ("
            + (length - LONGEST_WORD)
            + " more bytes)");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void trim() {
    while (entries.size() > capacity) {
      entries.removeLast();
    }
  }

  public int size() {
    return entries.size();
  }

  public void clear() {
    entries.clear();
  }

  /** The newest entries. */
  public List<Entry> newest(long count) {
    return entries.stream().limit(count).toList();
  }
}
