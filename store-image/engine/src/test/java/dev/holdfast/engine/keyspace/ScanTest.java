package dev.holdfast.engine.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ScanTest {
  @Property(tries = 60)
  void what_is_there_from_start_to_end_is_visited_while_the_index_grows_and_shrinks(
      @ForAll long seed) {
    var random = new Random(seed);
    try (var test = new TestKeyspace(1, seed)) {
      Set<String> staying = new HashSet<>();
      int passing = 1 + random.nextInt(5_000);
      for (int i = 0; i < passing; i++) {
        test.put(0, "passing:" + i, "x");
      }
      for (int i = 0; i < 200; i++) {
        staying.add("staying:" + i);
        test.put(0, "staying:" + i, "x");
      }
      Set<String> visited = new HashSet<>();
      boolean grow = random.nextBoolean();
      int changes = random.nextInt(400);
      long cursor = 0;
      do {
        cursor =
            test.keyspace
                .database(0)
                .scan(
                    cursor,
                    1 + random.nextInt(20),
                    (db, record) -> {
                      visited.add(TestKeyspace.keyOf(record));
                      return true;
                    });
        for (int i = 0; i < changes; i++) {
          if (grow) {
            test.put(0, "added:" + random.nextInt(20_000), "x");
          } else {
            test.remove(0, "passing:" + random.nextInt(passing));
          }
        }
        if (random.nextInt(50) == 0) {
          grow = !grow;
        }
      } while (cursor != 0);
      assertThat(visited).containsAll(staying);
    }
  }

  @Test
  void nothing_is_visited_twice_while_nothing_changes_even_in_the_middle_of_a_move() {
    try (var test = new TestKeyspace(1, 1)) {
      // 20,481 keys in 4,096 buckets are one too many: the move has just begun.
      for (int i = 0; i < 20_482; i++) {
        test.put(0, "key:" + i, "x");
      }
      assertThat(test.keyspace.database(0).index().isMoving()).isTrue();
      Map<String, Integer> visits = new HashMap<>();
      long cursor = 0;
      do {
        cursor =
            test.keyspace
                .database(0)
                .scan(
                    cursor,
                    100,
                    (db, record) -> {
                      visits.merge(TestKeyspace.keyOf(record), 1, Integer::sum);
                      return true;
                    });
      } while (cursor != 0);
      assertThat(visits).hasSize(20_482);
      assertThat(visits.values()).containsOnly(1);
    }
  }

  @Test
  void a_visitor_may_remove_each_record_it_sees() {
    try (var test = new TestKeyspace(1, 2)) {
      for (int i = 0; i < 20_482; i++) {
        test.put(0, "key:" + i, "x");
      }
      int[] visits = new int[1];
      long cursor = 0;
      do {
        cursor =
            test.keyspace
                .database(0)
                .scan(
                    cursor,
                    100,
                    (db, record) -> {
                      visits[0]++;
                      test.removeRecord(db, record);
                      return true;
                    });
      } while (cursor != 0);
      assertThat(test.keyspace.database(0).size()).isZero();
      assertThat(visits[0]).isEqualTo(20_482);
    }
  }

  @Test
  void a_step_that_the_visitor_stops_returns_a_cursor_that_misses_nothing() {
    try (var test = new TestKeyspace(1, 3)) {
      for (int i = 0; i < 1_000; i++) {
        test.put(0, "key:" + i, "x");
      }
      Set<String> visited = new HashSet<>();
      var random = new Random(4);
      long cursor = 0;
      do {
        cursor =
            test.keyspace
                .database(0)
                .scan(
                    cursor,
                    10,
                    (db, record) -> {
                      visited.add(TestKeyspace.keyOf(record));
                      return random.nextInt(10) > 0;
                    });
      } while (cursor != 0);
      assertThat(visited).hasSize(1_000);
    }
  }

  @Test
  void an_index_shrinks_with_its_database() {
    try (var test = new TestKeyspace(1, 5)) {
      for (int i = 0; i < 50_000; i++) {
        test.put(0, "key:" + i, "x");
      }
      long buckets = test.keyspace.database(0).index().buckets();
      for (int i = 0; i < 49_999; i++) {
        test.remove(0, "key:" + i);
      }
      while (test.keyspace.rehashFor(1_000_000)) {
        // until the index has its right size again
      }
      assertThat(test.keyspace.database(0).index().buckets()).isLessThan(buckets / 1_000);
      assertThat(test.keys(0)).containsExactly("key:49999");
    }
  }
}
