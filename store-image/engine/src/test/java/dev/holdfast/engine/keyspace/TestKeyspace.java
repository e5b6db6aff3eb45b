package dev.holdfast.engine.keyspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.engine.clock.SteppingClock;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.memory.Slabs;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A keyspace with calls that take Java strings and arrays. */
final class TestKeyspace implements AutoCloseable {
  static final int SCRATCH = 4 << 20;

  final Slabs slabs = new Slabs();
  final SteppingClock clock = new SteppingClock(1_000_000, 1_000);
  final Keyspace keyspace;
  private final long keyRoom = NativeHeap.allocate(SCRATCH);
  private final long valueRoom = NativeHeap.allocate(SCRATCH);

  TestKeyspace(int databases, long seed) {
    keyspace = new Keyspace(slabs, databases, seed, clock);
  }

  record Entry(String value, int type, long expireAt) {}

  /** Copies the key to native memory and hashes it. */
  long key(String key) {
    byte[] bytes = key.getBytes(UTF_8);
    Memory.copyFrom(bytes, 0, keyRoom, bytes.length);
    return keyspace.hash(keyRoom, bytes.length);
  }

  long put(int db, String key, Entry entry) {
    long hash = key(key);
    byte[] value = entry.value().getBytes(UTF_8);
    Memory.copyFrom(value, 0, valueRoom, value.length);
    return keyspace
        .database(db)
        .put(
            keyRoom, length(key), hash, entry.type(), 3, valueRoom, value.length, entry.expireAt());
  }

  long put(int db, String key, String value) {
    return put(db, key, new Entry(value, 0, -1));
  }

  long find(int db, String key) {
    long hash = key(key);
    return keyspace.database(db).find(keyRoom, length(key), hash);
  }

  boolean remove(int db, String key) {
    long hash = key(key);
    return keyspace.database(db).remove(keyRoom, length(key), hash);
  }

  /** Removes the record's key, by the bytes in the record itself. */
  void removeRecord(int db, long record) {
    long address = Record.keyAddress(record);
    int length = Record.keyLength(record);
    keyspace.database(db).remove(address, length, keyspace.hash(address, length));
  }

  static String keyOf(long record) {
    return Memory.utf8(Record.keyAddress(record), Record.keyLength(record));
  }

  static Entry entryOf(long record) {
    return new Entry(
        Memory.utf8(Record.valueAddress(record), Record.valueLength(record)),
        Record.type(record),
        Record.expireAt(record));
  }

  /** Everything in a database, by a scan from start to end. */
  Map<String, Entry> contents(int db) {
    Map<String, Entry> contents = new HashMap<>();
    long cursor = 0;
    do {
      cursor =
          keyspace
              .database(db)
              .scan(
                  cursor,
                  10,
                  (number, record) -> {
                    contents.put(keyOf(record), entryOf(record));
                    return true;
                  });
    } while (cursor != 0);
    return contents;
  }

  Set<String> keys(int db) {
    return new TreeSet<>(contents(db).keySet());
  }

  static int length(String text) {
    return text.getBytes(UTF_8).length;
  }

  @Override
  public void close() {
    keyspace.close();
    slabs.close();
    NativeHeap.free(keyRoom);
    NativeHeap.free(valueRoom);
  }
}
