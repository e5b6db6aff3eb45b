package dev.holdfast.engine.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.keyspace.TestKeyspace.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplingTest {
  @Test
  void random_records_come_nearly_equally_often() {
    try (var test = new TestKeyspace(1, 1)) {
      int keys = 500;
      for (int i = 0; i < keys; i++) {
        test.put(0, "key:" + i, "x");
      }
      while (test.keyspace.rehashFor(1_000_000)) {
        // until nothing moves
      }
      var random = new Random(1);
      Map<String, Integer> drawn = new HashMap<>();
      for (int i = 0; i < keys * 200; i++) {
        long record = test.keyspace.database(0).randomRecord(random);
        drawn.merge(TestKeyspace.keyOf(record), 1, Integer::sum);
      }
      assertThat(drawn).hasSize(keys);
      assertThat(drawn.values()).allSatisfy(n -> assertThat(n).isBetween(120, 290));
    }
  }

  @Test
  void a_random_record_is_found_where_one_is_left_of_many() {
    try (var test = new TestKeyspace(1, 1)) {
      test.put(0, "last", "x");
      for (int i = 0; i < 10_000; i++) {
        test.put(0, "key:" + i, "x");
      }
      for (int i = 0; i < 10_000; i++) {
        test.remove(0, "key:" + i);
      }
      long record = test.keyspace.database(0).randomRecord(new Random(1));
      assertThat(TestKeyspace.keyOf(record)).isEqualTo("last");
      test.remove(0, "last");
      assertThat(test.keyspace.database(0).randomRecord(new Random(1))).isZero();
    }
  }

  @Test
  void expired_records_are_found_by_walking_on_and_others_are_left_alone() {
    try (var test = new TestKeyspace(1, 1)) {
      for (int i = 0; i < 5_000; i++) {
        test.put(0, "key:" + i, new Entry("x", 0, i % 3 == 0 ? 1_000 : i % 3 == 1 ? 2_000 : -1));
      }
      int met = 0;
      for (int i = 0; i < 100; i++) {
        met +=
            test.keyspace
                .database(0)
                .sampleExpired(
                    1_500,
                    64,
                    (db, record) -> {
                      test.removeRecord(db, record);
                      return true;
                    });
      }
      assertThat(met).isGreaterThan(3_333);
      assertThat(test.contents(0).values())
          .hasSize(3_333)
          .allSatisfy(entry -> assertThat(entry.expireAt()).isNotEqualTo(1_000));
    }
  }

  @Test
  void active_expiry_empties_a_database_of_expired_keys_in_one_run_with_time() {
    try (var test = new TestKeyspace(4, 1)) {
      for (int i = 0; i < 5_000; i++) {
        test.put(i % 2 * 3, "key:" + i, new Entry("x", 0, 1_000));
        test.put(1, "key:" + i, "stays");
      }
      var cycle = cycle(test);
      assertThat(cycle.run(1_001, Long.MAX_VALUE / 2)).isEqualTo(5_000);
      assertThat(test.keyspace.keys()).isEqualTo(5_000);
      assertThat(test.keyspace.database(1).size()).isEqualTo(5_000);
    }
  }

  @Test
  void active_expiry_stops_when_its_time_is_up_and_goes_on_next_time() {
    try (var test = new TestKeyspace(1, 1)) {
      for (int i = 0; i < 20_000; i++) {
        test.put(0, "key:" + i, new Entry("x", 0, 1_000));
      }
      var cycle = cycle(test);
      int first = cycle.run(1_001, 3_000);
      assertThat(first).isBetween(1, 5_000);
      assertThat(test.keyspace.keys()).isEqualTo(20_000 - first);
      for (int i = 0; i < 100; i++) {
        cycle.run(1_001, 3_000);
      }
      assertThat(test.keyspace.keys()).isZero();
    }
  }

  @Test
  void active_expiry_does_little_where_little_is_expired() {
    try (var test = new TestKeyspace(1, 1)) {
      for (int i = 0; i < 20_000; i++) {
        test.put(0, "key:" + i, new Entry("x", 0, i % 100 == 0 ? 1_000 : 9_000));
      }
      assertThat(cycle(test).run(1_001, Long.MAX_VALUE / 2)).isLessThan(50);
    }
  }

  private static ExpiryCycle cycle(TestKeyspace test) {
    return new ExpiryCycle(
        test.keyspace,
        test.clock,
        (db, record) -> {
          test.removeRecord(db, record);
          return true;
        });
  }
}
