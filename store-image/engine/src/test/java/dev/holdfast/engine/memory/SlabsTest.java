package dev.holdfast.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SlabsTest {
  private static final long SLAB = 2 << 20;

  private final Slabs slabs = new Slabs();

  @AfterEach
  void close() {
    slabs.close();
  }

  private record Block(int bytes, byte filling) {}

  @Property(tries = 60)
  void blocks_never_overlap_keep_their_bytes_and_are_counted(@ForAll long seed) {
    var random = new Random(seed);
    var own = new Slabs();
    own.expectMuch(random.nextBoolean());
    NavigableMap<Long, Block> blocks = new TreeMap<>();
    long counted = 0;
    for (int i = 0; i < 3_000; i++) {
      int choice = random.nextInt(100);
      if (choice < (i / 1_000 % 2 == 0 ? 60 : 30) || blocks.isEmpty()) {
        int bytes = size(random);
        long address = own.allocate(bytes);
        place(blocks, address, bytes, (byte) random.nextInt());
        counted += Slabs.classSize(bytes);
      } else {
        var entry = any(blocks, random);
        assertIntact(entry.getKey(), entry.getValue().bytes(), entry.getValue().filling());
        blocks.remove(entry.getKey());
        int bytes = entry.getValue().bytes();
        counted -= Slabs.classSize(bytes);
        if (choice < 85) {
          own.free(entry.getKey(), bytes);
        } else {
          int changed = size(random);
          long address = own.reallocate(entry.getKey(), bytes, changed);
          assertIntact(address, Math.min(bytes, changed), entry.getValue().filling());
          place(blocks, address, changed, entry.getValue().filling());
          counted += Slabs.classSize(changed);
        }
      }
      assertThat(own.usedBytes() - own.pendingBytes()).isEqualTo(counted);
      assertThat(own.reservedBytes()).isGreaterThanOrEqualTo(own.usedBytes());
      if (choice == 0) {
        own.reclaimStep();
      }
    }
    blocks.forEach((address, block) -> assertIntact(address, block.bytes(), block.filling()));
    blocks.forEach((address, block) -> own.free(address, block.bytes()));
    while (own.reclaimStep()) {
      // until nothing waits
    }
    assertThat(own.usedBytes()).isZero();
    assertThat(own.reservedBytes()).isLessThanOrEqualTo(4 * SLAB);
    own.close();
    assertThat(own.reservedBytes()).isZero();
  }

  @Test
  void at_most_an_eighth_of_a_block_is_wasted_or_seven_bytes() {
    for (int bytes = 1; bytes < 3 << 20; bytes += 1 + bytes / 1_000) {
      long size = Slabs.classSize(bytes);
      assertThat(size).isGreaterThanOrEqualTo(bytes);
      assertThat(size % 8).isZero();
      assertThat(size - bytes).isLessThanOrEqualTo(Math.max(7, size / 8));
    }
  }

  @Test
  void a_short_key_with_a_value_of_100_bytes_takes_128() {
    assertThat(Slabs.classSize(8 + 16 + 100)).isEqualTo(128);
  }

  @Test
  void a_freed_block_is_the_next_of_its_class() {
    long a = slabs.allocate(100);
    slabs.allocate(100);
    slabs.free(a, 100);
    assertThat(slabs.allocate(97)).isEqualTo(a);
  }

  @Test
  void empty_slabs_go_back_to_the_system_except_for_a_few() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 40 * SLAB / 1024; i++) {
      blocks.add(slabs.allocate(1024));
    }
    assertThat(slabs.reservedBytes()).isEqualTo(41 * SLAB);
    blocks.forEach(block -> slabs.free(block, 1024));
    assertThat(slabs.usedBytes()).isZero();
    while (slabs.reclaimStep()) {
      // until nothing waits
    }
    assertThat(slabs.reservedBytes()).isLessThanOrEqualTo(4 * SLAB);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void while_much_is_expected_slabs_come_whole_but_not_the_first_ones_of_a_class()
      throws IOException {
    slabs.expectMuch(true);
    List<Long> firsts = new ArrayList<>();
    while (firsts.size() < 10) {
      long block = slabs.allocate(1024);
      if (firsts.isEmpty() || (block & -SLAB) != (firsts.getLast() & -SLAB)) {
        firsts.add(block);
      }
    }
    assertThat(isResident(firsts.getFirst() + SLAB / 2)).isFalse();
    assertThat(isResident(firsts.getLast() + SLAB / 2)).isTrue();
    assertIntact(firsts.getLast() + 1024, (int) SLAB - 4096, (byte) 0);
  }

  /** By the kernel's map of this process; a word for each page, its highest bit: in memory. */
  private static boolean isResident(long address) throws IOException {
    try (var map = new RandomAccessFile("/proc/self/pagemap", "r")) {
      map.seek(address / 4096 * 8);
      return Long.reverseBytes(map.readLong()) < 0;
    }
  }

  @Test
  void a_kept_empty_slab_serves_another_class() {
    slabs.free(slabs.allocate(1024), 1024);
    long reserved = slabs.reservedBytes();
    slabs.allocate(64);
    assertThat(slabs.reservedBytes()).isEqualTo(reserved);
  }

  @Test
  void a_very_large_block_is_given_back_piece_by_piece_and_counts_until_then() {
    int bytes = 64 << 20;
    long block = slabs.allocate(bytes);
    slabs.free(block, bytes);
    assertThat(slabs.usedBytes()).isEqualTo(bytes);
    assertThat(slabs.pendingBytes()).isEqualTo(bytes);
    int steps = 1;
    while (slabs.reclaimStep()) {
      steps++;
      assertThat(slabs.usedBytes()).isEqualTo(bytes - (steps - 1) * (2L << 20));
    }
    assertThat(steps).isEqualTo(32);
    assertThat(slabs.usedBytes()).isZero();
    assertThat(slabs.reservedBytes()).isZero();
  }

  @Test
  void tables_are_zero_and_begin_at_a_cache_line_even_in_used_memory() {
    for (int bytes = 64; bytes <= 8 << 20; bytes *= 2) {
      if (bytes <= Slabs.LARGEST) {
        long dirty = slabs.allocate(bytes);
        Memory.fill(dirty, bytes, (byte) -1);
        slabs.free(dirty, bytes);
      }
      long table = slabs.allocateTable(bytes);
      assertThat(table % 64).isZero();
      assertIntact(table, bytes, (byte) 0);
      slabs.freeTable(table, bytes);
    }
  }

  private static int size(Random random) {
    return switch (random.nextInt(100)) {
      case 0 -> 1_000_000 + random.nextInt(2_000_000);
      case 1, 2, 3 -> random.nextInt(1 << 20);
      case 4, 5, 6, 7, 8, 9 -> random.nextInt(40_000);
      default -> random.nextInt(400);
    };
  }

  private static void place(
      NavigableMap<Long, Block> blocks, long address, int bytes, byte filling) {
    var before = blocks.floorEntry(address);
    if (before != null) {
      assertThat(before.getKey() + before.getValue().bytes()).isLessThanOrEqualTo(address);
    }
    var after = blocks.ceilingKey(address);
    if (after != null) {
      assertThat(after).isGreaterThanOrEqualTo(address + bytes);
    }
    assertThat(address % 8).isZero();
    Memory.fill(address, bytes, filling);
    blocks.put(address, new Block(bytes, filling));
  }

  private static Map.Entry<Long, Block> any(NavigableMap<Long, Block> blocks, Random random) {
    var entry = blocks.ceilingEntry(random.nextLong(blocks.firstKey(), blocks.lastKey() + 1));
    return entry == null ? blocks.firstEntry() : entry;
  }

  private static void assertIntact(long address, int bytes, byte filling) {
    for (int i = 0; i < bytes; i++) {
      if (Memory.getByte(address + i) != filling) {
        throw new AssertionError("byte " + i + " of a block of " + bytes + " was overwritten");
      }
    }
  }
}
