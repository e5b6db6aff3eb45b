package dev.holdfast.engine.keyspace;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.memory.Slabs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Measures what the design promises of the keyspace: bytes per key, throughput, longest pauses, and
 * how long a snapshot's slices and a flush take. Not a test; run it with the number of keys
 * (default 5,000,000):
 *
 * <pre>
 * java -Xmx32m --enable-native-access=ALL-UNNAMED -cp target/classes:target/test-classes dev.holdfast.engine.keyspace.KeyspaceFigures
 * </pre>
 */
final class KeyspaceFigures {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;
  private static final int BATCH = 32;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int keys;
  private final Slabs slabs = new Slabs();
  private final Keyspace keyspace = new Keyspace(slabs, 16, 42, Clock.system());
  private final Database database = keyspace.database(0);
  private final long value = NativeHeap.allocateZeroed(VALUE_BYTES);
  private final long keyRoom = NativeHeap.allocate(BATCH * KEY_BYTES);
  private final long[] hashes = new long[BATCH];
  private long longestNanos;
  private long checksum;

  private KeyspaceFigures(int keys) {
    this.keys = keys;
  }

  public static void main(String[] arguments) throws IOException {
    new KeyspaceFigures(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000_000).run();
  }

  private interface Operation {
    void on(long key, long hash);
  }

  private void run() throws IOException {
    warmUp();
    long residentBefore = residentBytes();
    report("insert", inOrder(0, this::put));
    settle();
    long resident = residentBytes();
    System.out.printf(
        "bytes per key: %.1f used, %.1f resident (process: %.1f MB)%n",
        (double) keyspace.usedBytes() / keys,
        (double) (resident - residentBefore) / keys,
        resident / 1e6);
    for (int round = 0; round < 2; round++) {
      report("overwrite, random order", inRandomOrder(this::put, false));
      report("get, random order", inRandomOrder(this::get, false));
      report("overwrite, random order, prefetched", inRandomOrder(this::put, true));
      report("get, random order, prefetched", inRandomOrder(this::get, true));
    }
    snapshot();
    flush();
    longestNanos = 0;
    inOrder(0, this::putTimed);
    System.out.printf("longest insert while the index grew: %.3f ms%n", longestNanos / 1e6);
    settle();
    longestNanos = 0;
    inOrder(0, this::putTimed);
    System.out.printf("longest overwrite: %.3f ms%n", longestNanos / 1e6);
    longestNanos = 0;
    for (int i = 0; i < keys; i++) {
      writeKey(keyRoom, i);
      long hash = keyspace.hash(keyRoom, KEY_BYTES);
      long start = cpuNanos();
      database.remove(keyRoom, KEY_BYTES, hash);
      longestNanos = Math.max(longestNanos, cpuNanos() - start);
    }
    System.out.printf("longest removal while the index shrank: %.3f ms%n", longestNanos / 1e6);
    System.out.println("checksum " + checksum);
  }

  private void settle() {
    while (keyspace.rehashFor(1_000_000) || keyspace.reclaim(1_000_000)) {
      // until the index is at rest and its old tables are given back
    }
  }

  /** Of this thread: what others take from it on a busy machine is not the keyspace's doing. */
  private static long cpuNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private void warmUp() {
    for (int round = 0; round < 5; round++) {
      inOrder(round * 100_000L, 100_000, this::put);
      inOrder(round * 100_000L, 100_000, this::get);
    }
    keyspace.database(0).clear();
    while (keyspace.reclaim(1_000_000)) {
      // until all is given back
    }
  }

  private void put(long key, long hash) {
    database.put(key, KEY_BYTES, hash, Record.STRING, 0, value, VALUE_BYTES, -1);
  }

  private void putTimed(long key, long hash) {
    long start = cpuNanos();
    put(key, hash);
    longestNanos = Math.max(longestNanos, cpuNanos() - start);
  }

  private void get(long key, long hash) {
    long record = database.find(key, KEY_BYTES, hash);
    if (record == 0) {
      throw new IllegalStateException("missing");
    }
    checksum += Memory.getLong(Record.valueAddress(record));
  }

  private double inOrder(long from, Operation operation) {
    return inOrder(from, keys, operation);
  }

  private double inOrder(long from, int count, Operation operation) {
    long start = cpuNanos();
    for (long i = 0; i < count; i++) {
      writeKey(keyRoom, from + i);
      operation.on(keyRoom, keyspace.hash(keyRoom, KEY_BYTES));
    }
    return count * 1e3 / (cpuNanos() - start);
  }

  private double inRandomOrder(Operation operation, boolean prefetch) {
    var random = new SplittableRandom(1);
    long start = cpuNanos();
    for (int i = 0; i < keys; i += BATCH) {
      for (int b = 0; b < BATCH; b++) {
        long key = keyRoom + (long) b * KEY_BYTES;
        writeKey(key, random.nextInt(keys));
        hashes[b] = keyspace.hash(key, KEY_BYTES);
      }
      if (prefetch) {
        for (int b = 0; b < BATCH; b++) {
          keyspace.prefetchIndex(0, hashes[b]);
        }
        for (int b = 0; b < BATCH; b++) {
          keyspace.prefetchRecord(0, hashes[b]);
        }
      }
      for (int b = 0; b < BATCH; b++) {
        operation.on(keyRoom + (long) b * KEY_BYTES, hashes[b]);
      }
    }
    return keys * 1e3 / (cpuNanos() - start);
  }

  private static void writeKey(long address, long number) {
    long rest = number;
    for (int i = KEY_BYTES - 1; i >= 4; i--) {
      Memory.putByte(address + i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    Memory.putInt(address, 0x3a79656b);
  }

  private void snapshot() {
    var walk = new SnapshotWalk(keyspace, (db, record) -> checksum += Record.size(record));
    long start = cpuNanos();
    long longest = 0;
    boolean more = true;
    while (more) {
      long slice = cpuNanos();
      more = walk.step(1_000);
      longest = Math.max(longest, cpuNanos() - slice);
    }
    System.out.printf(
        "snapshot walk: %.2f M/s, longest slice of 1,000 records %.3f ms%n",
        walk.captured() * 1e3 / (cpuNanos() - start), longest / 1e6);
  }

  private void flush() {
    long start = cpuNanos();
    keyspace.database(0).clear();
    long cleared = cpuNanos() - start;
    long longest = 0;
    boolean more = true;
    int slices = 0;
    start = cpuNanos();
    while (more) {
      long slice = cpuNanos();
      more = keyspace.reclaim(500_000);
      longest = Math.max(longest, cpuNanos() - slice);
      slices++;
    }
    System.out.printf(
        "flush: %.3f ms, reclaimed in %.0f ms by %d slices of 0.5 ms, longest %.3f ms, reserved left %.1f MB%n",
        cleared / 1e6,
        (cpuNanos() - start) / 1e6,
        slices,
        longest / 1e6,
        slabs.reservedBytes() / 1e6);
  }

  private static void report(String what, double millionsPerSecond) {
    System.out.printf("%-38s %.2f M/s%n", what, millionsPerSecond);
  }

  private static long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
