package dev.holdfast.engine.keyspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.keyspace.TestKeyspace.Entry;
import dev.holdfast.engine.memory.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random operations on a keyspace and on plain maps have the same outcome, and a snapshot that runs
 * beside them captures exactly what was there.
 */
class KeyspaceModelTest {
  private static final int DATABASES = 3;

  @Property(tries = 150)
  void a_keyspace_behaves_like_maps_and_a_snapshot_like_a_copy_of_them(@ForAll long seed) {
    try (var run = new Run(seed, 400, 60)) {
      run.perform();
    }
  }

  @Property(tries = 10)
  void so_it_does_while_its_index_grows_and_shrinks_over_many_sizes(@ForAll long seed) {
    try (var run = new Run(seed, 30_000, 20_000)) {
      run.perform();
    }
  }

  private static final class Run implements AutoCloseable {
    private final Random random;
    private final int operations;
    private final int keys;
    private final TestKeyspace test;
    private final Keyspace keyspace;
    private final long emptyBytes;
    private final List<Map<String, Entry>> model = new ArrayList<>();
    private SnapshotWalk walk;
    private List<Map<String, Entry>> expected;
    private List<Map<String, Entry>> captured;
    private boolean shrinking;

    Run(long seed, int operations, int keys) {
      this.random = new Random(seed);
      this.operations = operations;
      this.keys = keys;
      this.test = new TestKeyspace(DATABASES, seed);
      this.keyspace = test.keyspace;
      this.emptyBytes = keyspace.usedBytes();
      for (int i = 0; i < DATABASES; i++) {
        model.add(new HashMap<>());
      }
    }

    void perform() {
      for (int i = 0; i < operations; i++) {
        if (random.nextInt(2_000) == 0) {
          shrinking = !shrinking;
        }
        operation();
        if (random.nextInt(operations / 4) == 0) {
          compare();
        }
      }
      while (walk != null) {
        stepWalk();
      }
      compare();
      emptyAndCount();
    }

    private void operation() {
      int db = random.nextInt(DATABASES);
      String key = key();
      Entry known = model.get(db).get(key);
      int choice = random.nextInt(1000);
      if (choice < 400) {
        if (shrinking) {
          remove(db, key);
        } else {
          put(db, key, entry());
        }
      } else if (choice < 500) {
        remove(db, key);
      } else if (choice < 600) {
        changeExpiry(db, key, known);
      } else if (choice < 680) {
        resize(db, key, known);
      } else if (choice < 750) {
        changeInPlace(db, key, known);
      } else if (choice < 790) {
        rename(db, key, known, random.nextInt(DATABASES), key());
      } else if (choice < 800) {
        setAccess(db, key);
      } else if (choice < 830) {
        keyspace.rehashFor(random.nextInt(5_000));
      } else if (choice < 850) {
        keyspace.reclaim(random.nextInt(5_000));
      } else if (choice < 852 && random.nextInt(operations) < 400) {
        keyspace.database(db).clear();
        model.get(db).clear();
      } else if (choice < 854) {
        expect(db);
      } else if (choice < 856) {
        swap(db, random.nextInt(DATABASES));
      } else if (choice < 900) {
        beginWalk();
      } else if (choice < 903) {
        abortWalk();
      } else {
        stepWalk();
      }
      assertThat(keyspace.database(db).size()).isEqualTo(model.get(db).size());
    }

    private void put(int db, String key, Entry entry) {
      long record = test.put(db, key, entry);
      model.get(db).put(key, entry);
      assertThat(TestKeyspace.entryOf(record)).isEqualTo(entry);
      assertThat(TestKeyspace.keyOf(record)).isEqualTo(key);
    }

    private void remove(int db, String key) {
      assertThat(test.remove(db, key)).isEqualTo(model.get(db).remove(key) != null);
    }

    private void changeExpiry(int db, String key, Entry known) {
      long record = test.find(db, key);
      assertThat(record != 0).isEqualTo(known != null);
      if (known != null) {
        long expireAt = expireAt();
        record = keyspace.database(db).setExpiry(record, test.key(key), expireAt);
        Entry changed = new Entry(known.value(), known.type(), expireAt);
        model.get(db).put(key, changed);
        assertThat(TestKeyspace.entryOf(record)).isEqualTo(changed);
      }
    }

    private void resize(int db, String key, Entry known) {
      if (known == null) {
        return;
      }
      int length = valueLength();
      long record = keyspace.database(db).resize(test.find(db, key), test.key(key), length);
      int kept = Math.min(length, known.value().length());
      String value = known.value().substring(0, kept) + "\0".repeat(length - kept);
      Entry changed = new Entry(value, known.type(), known.expireAt());
      model.get(db).put(key, changed);
      assertThat(TestKeyspace.entryOf(record)).isEqualTo(changed);
    }

    private void changeInPlace(int db, String key, Entry known) {
      if (known == null || known.value().isEmpty()) {
        return;
      }
      long record = test.find(db, key);
      keyspace.database(db).touchForWrite(record);
      int at = random.nextInt(known.value().length());
      Memory.putByte(Record.valueAddress(record) + at, (byte) '!');
      String value = known.value().substring(0, at) + "!" + known.value().substring(at + 1);
      model.get(db).put(key, new Entry(value, known.type(), known.expireAt()));
    }

    /** As RENAME and COPY do it: the value's bytes are taken from the old record. */
    private void rename(int db, String key, Entry known, int toDb, String to) {
      if (known == null || (db == toDb && key.equals(to))) {
        return;
      }
      long old = test.find(db, key);
      long hash = test.key(to);
      long keyRoom = dev.holdfast.engine.memory.NativeHeap.allocate(TestKeyspace.length(to) + 1);
      byte[] bytes = to.getBytes(UTF_8);
      Memory.copyFrom(bytes, 0, keyRoom, bytes.length);
      keyspace
          .database(toDb)
          .put(
              keyRoom,
              bytes.length,
              hash,
              Record.type(old),
              Record.encoding(old),
              Record.valueAddress(old),
              Record.valueLength(old),
              Record.expireAt(old));
      dev.holdfast.engine.memory.NativeHeap.free(keyRoom);
      model.get(toDb).put(to, known);
      remove(db, key);
    }

    private void setAccess(int db, String key) {
      long record = test.find(db, key);
      if (record != 0) {
        int access = random.nextInt(1 << 24);
        keyspace.database(db).setAccess(record, access);
        assertThat(Record.access(record)).isEqualTo(access);
      }
    }

    private void expect(int db) {
      if (random.nextInt(4) == 0) {
        keyspace.expectMuch(random.nextBoolean());
      } else {
        keyspace.database(db).expect(random.nextLong(20L * keys));
      }
    }

    private void swap(int a, int b) {
      keyspace.swap(a, b);
      var contents = model.get(a);
      model.set(a, model.get(b));
      model.set(b, contents);
    }

    private void beginWalk() {
      if (walk != null) {
        return;
      }
      expected = new ArrayList<>();
      captured = new ArrayList<>();
      for (var map : model) {
        expected.add(new HashMap<>(map));
        captured.add(new HashMap<>());
      }
      walk =
          new SnapshotWalk(
              keyspace,
              (db, record) -> {
                var before =
                    captured.get(db).put(TestKeyspace.keyOf(record), TestKeyspace.entryOf(record));
                assertThat(before).as("captured twice: %s", TestKeyspace.keyOf(record)).isNull();
              });
      assertThat(walk.total()).isEqualTo(model.stream().mapToLong(Map::size).sum());
    }

    private void stepWalk() {
      if (walk != null && !walk.step(1 + random.nextInt(Math.max(10, keys / 100)))) {
        assertThat(captured).isEqualTo(expected);
        assertThat(walk.captured()).isEqualTo(walk.total());
        walk = null;
      }
    }

    private void abortWalk() {
      if (walk != null) {
        walk.abort();
        walk = null;
      }
    }

    private void compare() {
      for (int db = 0; db < DATABASES; db++) {
        assertThat(test.contents(db)).isEqualTo(model.get(db));
        assertThat(keyspace.database(db).expiring())
            .isEqualTo(model.get(db).values().stream().filter(e -> e.expireAt() != -1).count());
      }
      assertThat(keyspace.usedBytes()).isEqualTo(test.slabs.usedBytes());
    }

    private void emptyAndCount() {
      for (int db = 0; db < DATABASES; db++) {
        keyspace.database(db).clear();
      }
      assertThat(keyspace.usedBytes()).isEqualTo(test.slabs.usedBytes());
      while (keyspace.reclaim(1_000_000)) {
        assertThat(keyspace.usedBytes()).isEqualTo(test.slabs.usedBytes());
      }
      assertThat(keyspace.pendingBytes()).isZero();
      long leftTables = keyspace.usedBytes() - emptyBytes;
      assertThat(leftTables).as("bytes of empty databases").isZero();
    }

    private String key() {
      int n = random.nextInt(keys);
      // One key in 50 is too long for a short header; the same number always makes the same key.
      return n % 50 == 0 ? "long:" + "k".repeat(260) + n : "key:" + n;
    }

    private Entry entry() {
      return new Entry("v".repeat(valueLength()), random.nextInt(6), expireAt());
    }

    private long expireAt() {
      return random.nextBoolean() ? -1 : random.nextLong(1L << 42);
    }

    private int valueLength() {
      int kind = random.nextInt(keys > 1000 ? 3_000 : 100);
      if (kind == 0) {
        return 1_000_000 + random.nextInt(1_000_000);
      }
      if (kind < 4) {
        return 65_000 + random.nextInt(1_000);
      }
      if (kind < 10) {
        return random.nextInt(40_000);
      }
      return random.nextInt(150);
    }

    @Override
    public void close() {
      test.close();
    }
  }
}
