package dev.holdfast.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.offheap.NativeBuffer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Gives a reader the files of a corpus (test resources, one folder for each format), and damaged
 * copies of them without end, and watches the memory that it takes. A failure prints the seed and
 * the input.
 *
 * <p>{@code -Dfuzz.minutes=10} goes on so long, divided among the formats, from a seed of its own;
 * otherwise each format takes seconds and the same inputs each time. {@code -Dfuzz.seed=N} is the
 * first seed.
 */
final class Fuzzer {
  private static final int FORMATS = 5;
  private static final int ROUNDS = 5_000;
  private static final long CORPUS = -1;
  private static final int MINUTES = Integer.getInteger("fuzz.minutes", 0);
  private static final long FIRST_SEED =
      Long.getLong("fuzz.seed", MINUTES == 0 ? 0 : System.nanoTime() >>> 1);

  /** Heap that a reader may take beside a multiple of its input: tables, exceptions. */
  private static final long CONSTANT_HEAP = 1 << 20;

  /** Growing by doubling, and text made of bytes, take some times the input. */
  private static final long TIMES_INPUT = 64;

  /** What one input may add to the memory of the process: coarse, but a length that lies shows. */
  private static final long RESIDENT_KIB = 48 << 10;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT =
      Pattern.compile("VmHWM:\\s+(\\d+) kB\\s+VmRSS:\\s+(\\d+) kB");

  /** Reads one input to one of its declared ends, or throws what it must not. */
  interface Reader {
    void read(byte[] input) throws IOException;
  }

  private final List<byte[]> corpus = new ArrayList<>();
  private final Reader reader;
  private Resident resident = new Resident(0, 0);

  /** Memory of the process in KiB: the most so far, and now. */
  private record Resident(long most, long now) {}

  Fuzzer(String format, Reader reader) throws IOException {
    this.reader = reader;
    try (var files = Files.list(Path.of("src/test/resources/fuzz", format))) {
      for (var file : files.sorted().toList()) {
        corpus.add(Files.readAllBytes(file));
      }
    }
    assertThat(corpus).as("corpus of %s", format).isNotEmpty();
  }

  /** The files as they are, then damaged ones. */
  void run() throws IOException {
    // The first block of native memory links the allocator, which takes some heap, once.
    new NativeBuffer(1).close();
    resident = resident();
    corpus.forEach(input -> one(CORPUS, input));
    long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES) / FORMATS;
    for (long seed = FIRST_SEED;
        seed < FIRST_SEED + ROUNDS || MINUTES > 0 && System.nanoTime() - until < 0;
        seed++) {
      var random = new Random(seed);
      one(seed, damaged(corpus.get(random.nextInt(corpus.size())), random));
    }
  }

  private void one(long seed, byte[] input) {
    long heapBefore = THREADS.getCurrentThreadAllocatedBytes();
    try {
      reader.read(input);
      long heap = THREADS.getCurrentThreadAllocatedBytes() - heapBefore;
      if (heap > CONSTANT_HEAP + TIMES_INPUT * input.length) {
        throw new AssertionError(heap + " bytes of heap for an input of " + input.length);
      }
      var before = resident;
      resident = resident();
      if (resident.most() > before.most() && resident.most() - before.now() > RESIDENT_KIB) {
        throw new AssertionError(
            "%d KiB of memory for an input of %d bytes"
                .formatted(resident.most() - before.now(), input.length));
      }
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError("seed %d: %s".formatted(seed, HexFormat.of().formatHex(input)), e);
    }
  }

  private static Resident resident() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return new Resident(0, 0);
    }
    var lines = RESIDENT.matcher(Files.readString(STATUS));
    return lines.find()
        ? new Resident(Long.parseLong(lines.group(1)), Long.parseLong(lines.group(2)))
        : new Resident(0, 0);
  }

  // ---- damage

  private byte[] damaged(byte[] sample, Random random) {
    var bytes = sample;
    for (int times = 1 + random.nextInt(4); times > 0 && bytes.length > 0; times--) {
      bytes = damagedOnce(bytes, random);
    }
    return bytes;
  }

  private byte[] damagedOnce(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(12));
    return switch (random.nextInt(8)) {
      case 0 -> splice(bytes, at, 1, new byte[] {(byte) random.nextInt(256)});
      case 1 -> splice(bytes, at, 1, new byte[] {(byte) (bytes[at] ^ 1 << random.nextInt(8))});
      case 2 -> splice(bytes, at, length, new byte[0]);
      case 3 -> splice(bytes, at, 0, new byte[random.nextInt(300)]);
      case 4 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
      case 5 -> splice(bytes, at, digits(bytes, at), number(random));
      case 6 -> splice(bytes, at, length, largeLength(random));
      default -> {
        var other = corpus.get(random.nextInt(corpus.size()));
        int from = random.nextInt(other.length);
        yield random.nextInt(3) == 0
            ? Arrays.copyOf(bytes, at)
            : splice(bytes, at, length, Arrays.copyOfRange(other, from, other.length));
      }
    };
  }

  private static int digits(byte[] bytes, int at) {
    int end = at;
    while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    return end - at;
  }

  private static byte[] number(Random random) {
    var numbers =
        new String[] {
          "-1",
          "0",
          "00",
          "1",
          "+1",
          "2147483647",
          "2147483648",
          "4294967297",
          "268435456",
          "536870912",
          "9223372036854775807",
          "9223372036854775808",
          "99999999999999999999",
          ""
        };
    return numbers[random.nextInt(numbers.length)].getBytes(StandardCharsets.US_ASCII);
  }

  /** The length fields of snapshots: 6, 14, 32 and 64 bits. */
  private static byte[] largeLength(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new byte[] {0x3f};
      case 1 -> new byte[] {0x7f, (byte) 0xff};
      case 2 -> new byte[] {(byte) 0x80, 0x7f, (byte) random.nextInt(256), -1, -1};
      default -> new byte[] {(byte) 0x81, 0, 0, 0, (byte) random.nextInt(3), -1, -1, -1, -1};
    };
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
    var result = new byte[bytes.length - removed + inserted.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(inserted, 0, result, at, inserted.length);
    System.arraycopy(
        bytes, at + removed, result, at + inserted.length, bytes.length - at - removed);
    return result;
  }
}
