package dev.holdfast.operator.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Response;

/**
 * Numbered keys whose values follow from their number, so that what is missing or wrong can be
 * told.
 */
public final class Keys {
  private static final int BATCH = 1_000;

  private Keys() {}

  public static String key(int number) {
    return "session:" + number;
  }

  public static String value(int number) {
    return "user=%d;cart=%x;%s".formatted(number, number * 2_654_435_761L, "x".repeat(64));
  }

  /**
   * Writes the keys {@code from} (inclusive) to {@code to} (exclusive); returns when each was
   * answered.
   */
  public static void write(Jedis client, int from, int to) {
    write(client, from, to, written -> {});
  }

  /** As {@link #write(Jedis, int, int)}, and tells after each batch how many keys are written. */
  public static void write(Jedis client, int from, int to, IntConsumer progress) {
    for (var start = from; start < to; start += BATCH) {
      var pipeline = client.pipelined();
      for (var i = start; i < Math.min(to, start + BATCH); i++) {
        pipeline.set(key(i), value(i));
      }
      pipeline.sync();
      progress.accept(Math.min(to, start + BATCH) - from);
    }
  }

  /** Those of the keys that are missing or have another value. */
  public static List<Integer> lost(Jedis client, int from, int to) {
    var lost = new ArrayList<Integer>();
    for (var start = from; start < to; start += BATCH) {
      var pipeline = client.pipelined();
      var answers = new ArrayList<Response<String>>();
      var end = Math.min(to, start + BATCH);
      for (var i = start; i < end; i++) {
        answers.add(pipeline.get(key(i)));
      }
      pipeline.sync();
      for (var i = start; i < end; i++) {
        if (!value(i).equals(answers.get(i - start).get())) {
          lost.add(i);
        }
      }
    }
    return lost;
  }
}
