package dev.holdfast.engine.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.keyspace.TestKeyspace.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyspaceTest {
  private static final String LARGE = "v".repeat(3 << 20);

  private final TestKeyspace test = new TestKeyspace(2, 1);
  private final Keyspace keyspace = test.keyspace;

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void a_large_value_that_is_removed_counts_until_it_was_given_back_in_pieces() {
    test.put(0, "large", LARGE);
    long before = keyspace.usedBytes();
    test.remove(0, "large");
    assertThat(keyspace.usedBytes()).isEqualTo(before);
    assertThat(keyspace.pendingBytes()).isGreaterThan(3 << 20);
    while (keyspace.reclaim(0)) {
      assertThat(keyspace.usedBytes()).isLessThan(before);
    }
    assertThat(keyspace.usedBytes()).isLessThan(before - (3 << 20));
    assertThat(keyspace.pendingBytes()).isZero();
  }

  @Test
  void setting_and_removing_the_expiry_of_a_large_value_does_not_move_it() {
    long record = test.put(0, "large", LARGE);
    long hash = test.key("large");
    assertThat(keyspace.database(0).setExpiry(record, hash, 5)).isEqualTo(record);
    assertThat(keyspace.database(0).expiring()).isEqualTo(1);
    assertThat(keyspace.database(0).setExpiry(record, hash, -1)).isEqualTo(record);
    assertThat(keyspace.database(0).expiring()).isZero();
    assertThat(test.contents(0)).containsEntry("large", new Entry(LARGE, 0, -1));
  }

  @Test
  void an_index_grows_in_few_large_steps_when_many_keys_are_expected() {
    keyspace.database(0).expect(100_000);
    int expected = growths(0);
    int unexpected = growths(1);
    assertThat(expected).isBetween(1, unexpected / 2);
    assertThat(keyspace.usedBytes()).isEqualTo(test.slabs.usedBytes());
    assertThat(test.keys(0)).isEqualTo(test.keys(1));
  }

  /** How often the index was given a new table while 100,000 keys were put. */
  private int growths(int db) {
    int growths = 0;
    for (int i = 0; i < 100_000; i++) {
      boolean moving = keyspace.database(db).index().isMoving();
      test.put(db, "key:" + i, "");
      growths += !moving && keyspace.database(db).index().isMoving() ? 1 : 0;
    }
    return growths;
  }

  @Test
  void keys_that_are_expected_and_do_not_come_cost_little_and_only_until_the_end_of_the_load() {
    long empty = keyspace.usedBytes();
    keyspace.database(0).expect(Long.MAX_VALUE);
    for (int i = 0; i < 10_000; i++) {
      test.put(0, "key:" + i, "");
    }
    long records = 10_000 * 24;
    assertThat(keyspace.usedBytes() - empty - records).isLessThan(10_000 * 64 * 8 / 5 * 5 / 4);
    keyspace.expectMuch(false);
    while (keyspace.rehashFor(1_000_000) || keyspace.reclaim(1_000_000)) {
      // until the index fits again
    }
    assertThat(keyspace.usedBytes() - empty - records).isLessThan(10_000 * 64 * 5 / 4);
    assertThat(test.keys(0)).hasSize(10_000);
  }

  @Test
  void an_expectation_takes_at_most_64_MiB() {
    int keys = 5 << 18;
    for (int i = 0; i < keys; i++) {
      test.put(0, "key:" + i, "");
    }
    keyspace.database(0).expect(Long.MAX_VALUE);
    test.put(0, "one more", "");
    long before = keyspace.usedBytes();
    test.put(0, "and one more", "");
    assertThat(keyspace.database(0).index().isMoving()).isTrue();
    assertThat(keyspace.usedBytes() - before).isBetween(64L << 20, 65L << 20);
  }

  @Test
  void a_cleared_database_is_empty_at_once_and_its_memory_comes_back_step_by_step() {
    long empty = keyspace.usedBytes();
    for (int i = 0; i < 10_000; i++) {
      test.put(0, "key:" + i, "value");
    }
    long full = keyspace.usedBytes();
    keyspace.database(0).clear();
    assertThat(keyspace.keys()).isZero();
    assertThat(test.find(0, "key:1")).isZero();
    assertThat(keyspace.usedBytes()).isGreaterThanOrEqualTo(full);
    int steps = 0;
    while (keyspace.reclaim(0)) {
      steps++;
    }
    assertThat(steps).isGreaterThan(100);
    assertThat(keyspace.usedBytes()).isEqualTo(empty);
  }

  @Test
  void a_replaced_record_keeps_its_access_bits_and_a_new_one_gets_those_of_new_ones() {
    Record.setAccess(test.put(0, "old", "x"), 77);
    keyspace.accessOfNew(88);
    assertThat(Record.access(test.put(0, "old", "a longer value than before"))).isEqualTo(77);
    assertThat(Record.access(test.put(0, "new", "x"))).isEqualTo(88);
  }

  @Test
  void a_record_is_still_alive_in_the_millisecond_of_its_expiry() {
    test.put(0, "key", new Entry("x", 0, 1_000));
    List<Long> found = new ArrayList<>();
    keyspace.database(0).sampleExpired(1_000, 100, (db, record) -> found.add(record));
    assertThat(found).isEmpty();
    keyspace.database(0).sampleExpired(1_001, 100, (db, record) -> found.add(record));
    assertThat(found).hasSize(1);
  }

  @Test
  void a_snapshot_takes_a_cleared_database_first_and_only_then_its_memory_is_given_back() {
    for (int i = 0; i < 1_000; i++) {
      test.put(0, "zero:" + i, "x");
      test.put(1, "one:" + i, "x");
    }
    List<Integer> databases = new ArrayList<>();
    List<Integer> cleared = new ArrayList<>();
    var walk = new SnapshotWalk(keyspace, (db, record) -> databases.add(db), db -> cleared.add(db));
    keyspace.database(1).clear();
    assertThat(cleared).containsExactly(1);
    assertThat(keyspace.reclaim(1_000_000_000)).isFalse();
    assertThat(keyspace.pendingBytes()).isPositive();
    while (walk.step(100)) {
      // until all is captured
    }
    assertThat(databases.subList(0, 1_000)).containsOnly(1);
    assertThat(databases.subList(1_000, 2_000)).containsOnly(0);
    while (keyspace.reclaim(1_000_000)) {
      // until all is given back
    }
    assertThat(keyspace.pendingBytes()).isZero();
  }

  @Test
  void after_any_number_of_snapshots_that_were_given_up_the_next_one_is_complete() {
    Set<String> keys = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      test.put(0, "key:" + i, "x");
      keys.add("key:" + i);
    }
    for (int given = 1; given < 150; given++) {
      var walk = new SnapshotWalk(keyspace, (db, record) -> {});
      walk.step(10);
      walk.abort();
      if (given % 7 == 0) {
        continue;
      }
      assertThat(snapshot(given)).as("after %d", given).isEqualTo(keys);
    }
    for (int i = 0; i < 150; i++) {
      var walk = new SnapshotWalk(keyspace, (db, record) -> {});
      walk.step(10);
      walk.abort();
    }
    assertThat(snapshot(0)).isEqualTo(keys);
  }

  @Test
  void many_snapshots_in_a_row_that_were_given_up_hide_no_record_from_the_next() {
    for (int i = 0; i < 200; i++) {
      test.put(0, "key:" + i, "x");
    }
    for (int rounds = 60; rounds < 70; rounds++) {
      for (int i = 0; i < rounds; i++) {
        var walk = new SnapshotWalk(keyspace, (db, record) -> {});
        walk.step(1 + i % 20);
        walk.abort();
      }
      assertThat(snapshot(rounds)).hasSize(200);
    }
  }

  @Test
  void a_second_snapshot_is_refused_while_one_runs() {
    test.put(0, "key", "x");
    var walk = new SnapshotWalk(keyspace, (db, record) -> {});
    assertThatThrownBy(() -> new SnapshotWalk(keyspace, (db, record) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a snapshot is running");
    walk.abort();
    assertThat(snapshot(1)).containsExactly("key");
  }

  private Set<String> snapshot(int slice) {
    Set<String> keys = new TreeSet<>();
    var walk = new SnapshotWalk(keyspace, (db, record) -> keys.add(TestKeyspace.keyOf(record)));
    boolean more = true;
    while (more) {
      more = walk.step(1 + slice);
    }
    return keys;
  }
}
