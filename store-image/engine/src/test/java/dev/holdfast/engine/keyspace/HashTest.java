package dev.holdfast.engine.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashTest {
  private final Hash hash = new Hash(42);
  private final long room = NativeHeap.allocate(4096);

  @AfterEach
  void free() {
    NativeHeap.free(room);
  }

  @Test
  void it_depends_on_the_bytes_and_not_on_where_they_are() {
    byte[] bytes =
        "a key of some length, unaligned the second time".getBytes(StandardCharsets.US_ASCII);
    Memory.copyFrom(bytes, 0, room, bytes.length);
    Memory.copyFrom(bytes, 0, room + 1003, bytes.length);
    assertThat(hash.of(room, bytes.length)).isEqualTo(hash.of(room + 1003, bytes.length));
  }

  @Test
  void another_seed_is_another_function() {
    Memory.putLong(room, 1);
    assertThat(new Hash(1).of(room, 8)).isNotEqualTo(new Hash(2).of(room, 8));
  }

  @Test
  void zeros_of_each_length_have_a_hash_of_their_own() {
    Memory.fill(room, 4096, (byte) 0);
    Set<Long> hashes = new HashSet<>();
    for (int length = 0; length <= 4096; length++) {
      hashes.add(hash.of(room, length));
    }
    assertThat(hashes).hasSize(4097);
  }

  @Test
  void bytes_behind_the_range_do_not_matter() {
    for (int length = 0; length < 200; length++) {
      Memory.fill(room, 400, (byte) 7);
      long before = hash.of(room, length);
      Memory.putByte(room + length, (byte) 8);
      assertThat(hash.of(room, length)).as("length %d", length).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7, 8, 11, 16, 17, 31, 32, 33, 64, 100})
  void each_bit_of_the_input_flips_each_bit_of_the_hash_half_of_the_time(int length) {
    var random = new Random(1);
    int tries = 300;
    byte[] bytes = new byte[length];
    int[][] flips = new int[length * 8][64];
    for (int t = 0; t < tries; t++) {
      random.nextBytes(bytes);
      Memory.copyFrom(bytes, 0, room, length);
      long before = hash.of(room, length);
      for (int bit = 0; bit < length * 8; bit++) {
        flip(bit);
        long difference = before ^ hash.of(room, length);
        flip(bit);
        for (int out = 0; out < 64; out++) {
          flips[bit][out] += (int) (difference >>> out & 1);
        }
      }
    }
    // A fair coin leaves this range (7 standard deviations) once in 4 * 10^11 times; for a single
    // byte the 256 inputs are no independent tries.
    double slack = (length == 1 ? 14 : 7) * Math.sqrt(tries) / 2;
    for (int[] row : flips) {
      for (int n : row) {
        assertThat((double) n).isBetween(tries / 2.0 - slack, tries / 2.0 + slack);
      }
    }
  }

  @Test
  void keys_that_count_up_fill_buckets_and_tags_evenly() {
    assertThat(chiSquare(i -> "key:" + i, 0)).isBetween(0.9, 1.1);
    assertThat(chiSquare(i -> "key:%012d".formatted(i), 0)).isBetween(0.9, 1.1);
    assertThat(chiSquare(i -> "user:{%d}:session:data:of:some:length".formatted(i), 0))
        .isBetween(0.9, 1.1);
    assertThat(chiSquare(i -> "key:" + i, Word.TAG_SHIFT)).isBetween(0.9, 1.1);
    assertThat(chiSquare(i -> "key:" + i, 48)).isBetween(0.9, 1.1);
  }

  /**
   * Chi-square per degree of freedom of 4,096 cells, by 12 bits of the hash: 1 for a random
   * function, with a standard deviation of 0.022.
   */
  private double chiSquare(IntFunction<String> keys, int shift) {
    int cells = 4096;
    int count = 200_000;
    int[] hits = new int[cells];
    for (int i = 0; i < count; i++) {
      byte[] key = keys.apply(i).getBytes(StandardCharsets.US_ASCII);
      Memory.copyFrom(key, 0, room, key.length);
      hits[(int) (hash.of(room, key.length) >>> shift) & (cells - 1)]++;
    }
    double expected = (double) count / cells;
    double sum = 0;
    for (int n : hits) {
      sum += (n - expected) * (n - expected) / expected;
    }
    return sum / (cells - 1);
  }

  private void flip(int bit) {
    long at = room + bit / 8;
    Memory.putByte(at, (byte) (Memory.getByte(at) ^ 1 << bit % 8));
  }
}
