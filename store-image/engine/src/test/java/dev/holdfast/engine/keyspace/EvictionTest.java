package dev.holdfast.engine.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.keyspace.TestKeyspace.Entry;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvictionTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final int KEYS = 4_000;

  private final TestKeyspace test = new TestKeyspace(3, 7);
  private final Eviction eviction = new Eviction(test.keyspace, new Random(7));

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void noeviction_chooses_nothing() {
    test.put(0, "key", new Entry("x", 0, NOW));
    eviction.configure(EvictionPolicy.NOEVICTION, 5, 1);
    assertThat(eviction.choose(NOW)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"VOLATILE_LRU", "VOLATILE_LFU", "VOLATILE_RANDOM", "VOLATILE_TTL"})
  void volatile_policies_take_only_keys_with_an_expiry_and_all_of_them(EvictionPolicy policy) {
    for (int i = 0; i < 1_000; i++) {
      test.put(i % 3, "stays:" + i, "x");
      test.put(i % 3, "goes:" + i, new Entry("x", 0, NOW + i));
    }
    eviction.configure(policy, 5, 1);
    for (int i = 0; i < 1_000; i++) {
      assertThat(eviction.choose(NOW)).isTrue();
      assertThat(TestKeyspace.keyOf(eviction.victimRecord())).startsWith("goes:");
      evict();
    }
    assertThat(eviction.choose(NOW)).isFalse();
    assertThat(test.keyspace.keys()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @EnumSource(names = {"ALLKEYS_LRU", "ALLKEYS_LFU", "ALLKEYS_RANDOM"})
  void allkeys_policies_can_empty_the_keyspace(EvictionPolicy policy) {
    for (int i = 0; i < 1_000; i++) {
      test.put(i % 3, "key:" + i, "x");
    }
    eviction.configure(policy, 5, 1);
    for (int i = 0; i < 1_000; i++) {
      assertThat(eviction.choose(NOW)).isTrue();
      evict();
    }
    assertThat(eviction.choose(NOW)).isFalse();
    assertThat(test.keyspace.keys()).isZero();
  }

  @Test
  void lru_takes_mostly_what_was_not_used_for_long() {
    for (int i = 0; i < KEYS; i++) {
      long record = test.put(0, "key:" + i, "x");
      Record.setAccess(record, Access.lru(NOW - (KEYS - i) * 1_000L));
    }
    eviction.configure(EvictionPolicy.ALLKEYS_LRU, 5, 1);
    assertThat(evictQuarter()).isGreaterThan(0.97);
  }

  @Test
  void a_key_that_was_used_since_it_was_pooled_is_not_taken_for_an_old_one() {
    for (int i = 0; i < 16; i++) {
      Record.setAccess(test.put(0, "key:" + i, "x"), Access.lru(NOW - 1_000_000 - i * 1_000L));
    }
    eviction.configure(EvictionPolicy.ALLKEYS_LRU, 16, 1);
    assertThat(eviction.choose(NOW)).isTrue();
    assertThat(TestKeyspace.keyOf(eviction.victimRecord())).isEqualTo("key:15");
    evict();
    Record.setAccess(test.find(0, "key:14"), Access.lru(NOW));
    assertThat(eviction.choose(NOW)).isTrue();
    assertThat(TestKeyspace.keyOf(eviction.victimRecord())).isEqualTo("key:13");
  }

  @Test
  void lfu_takes_mostly_what_is_used_rarely() {
    for (int i = 0; i < KEYS; i++) {
      long record = test.put(0, "key:" + i, "x");
      int counter = i < KEYS / 2 ? i % 20 : 100 + i % 50;
      Record.setAccess(record, (Access.lfuInitial(NOW) & ~0xff) | counter);
    }
    eviction.configure(EvictionPolicy.ALLKEYS_LFU, 5, 1);
    assertThat(evictQuarter()).isGreaterThan(0.97);
  }

  @Test
  void ttl_takes_mostly_what_expires_soon() {
    for (int i = 0; i < KEYS; i++) {
      test.put(0, "key:" + i, new Entry("x", 0, NOW + i));
    }
    eviction.configure(EvictionPolicy.VOLATILE_TTL, 5, 1);
    assertThat(evictQuarter()).isGreaterThan(0.97);
  }

  @Test
  void the_only_volatile_key_among_many_is_found() {
    for (int i = 0; i < 100_000; i++) {
      test.put(2, "stays:" + i, "x");
    }
    test.put(2, "goes", new Entry("x", 0, NOW));
    eviction.configure(EvictionPolicy.VOLATILE_LRU, 5, 1);
    assertThat(eviction.choose(NOW)).isTrue();
    assertThat(eviction.victimDb()).isEqualTo(2);
    assertThat(TestKeyspace.keyOf(eviction.victimRecord())).isEqualTo("goes");
  }

  /**
   * Evicts a quarter of the keys; returns which share of those were of the half that should go
   * first.
   */
  private double evictQuarter() {
    int lower = 0;
    for (int i = 0; i < KEYS / 4; i++) {
      assertThat(eviction.choose(NOW)).isTrue();
      int number = Integer.parseInt(TestKeyspace.keyOf(eviction.victimRecord()).substring(4));
      if (number < KEYS / 2) {
        lower++;
      }
      evict();
    }
    return 4.0 * lower / KEYS;
  }

  private void evict() {
    test.removeRecord(eviction.victimDb(), eviction.victimRecord());
  }
}
