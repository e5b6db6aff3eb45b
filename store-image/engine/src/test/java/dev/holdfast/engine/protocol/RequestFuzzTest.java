package dev.holdfast.engine.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.protocol.RequestParser.Outcome;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The parser of requests on a corpus and damaged copies of it: it goes on or stops with a protocol
 * error, understands the same in whatever pieces the bytes arrive, and takes no more memory than
 * they do, whatever lengths they claim. {@code -Dfuzz.minutes=10} goes on so long.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RequestFuzzTest {
  private static final int ROUNDS = 20_000;
  private static final int MINUTES = Integer.getInteger("fuzz.minutes", 0);
  private static final long FIRST_SEED =
      Long.getLong("fuzz.seed", MINUTES == 0 ? 0 : System.nanoTime() >>> 1);

  private static final long CONSTANT_BYTES = 256 << 10;
  private static final long TIMES_INPUT = 200;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final BufferPool pool = new BufferPool();

  @Test
  void damagedRequestsEndInAnAnswerOrAnError() throws IOException {
    var corpus = corpus();
    // The first time, classes are loaded.
    corpus.forEach(input -> understood(input, input.length));
    corpus.forEach(input -> one(-1, input));
    long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    for (long seed = FIRST_SEED;
        seed < FIRST_SEED + ROUNDS || MINUTES > 0 && System.nanoTime() - until < 0;
        seed++) {
      var random = new Random(seed);
      var sample =
          random.nextBoolean()
              ? corpus.get(random.nextInt(corpus.size()))
              : RandomRequests.bytes(random);
      one(seed, damaged(sample, random));
    }
  }

  private static List<byte[]> corpus() throws IOException {
    var corpus = new ArrayList<byte[]>();
    try (var files = Files.list(Path.of("src/test/resources/fuzz/resp"))) {
      for (var file : files.sorted().toList()) {
        corpus.add(Files.readAllBytes(file));
      }
    }
    assertThat(corpus).isNotEmpty();
    return corpus;
  }

  private void one(long seed, byte[] input) {
    try {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      var whole = understood(input, input.length);
      long heap = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (heap > CONSTANT_BYTES + TIMES_INPUT * input.length) {
        throw new AssertionError(heap + " bytes of heap for an input of " + input.length);
      }
      assertThat(understood(input, 1 + (int) (Math.abs(seed) % 7))).isEqualTo(whole);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed %d: %s".formatted(seed, HexFormat.of().formatHex(input)), e);
    }
  }

  /** The requests as text, and the error that ended them, when the bytes arrive in such pieces. */
  private String understood(byte[] input, int piece) {
    var parser = new RequestParser(new ProtocolLimits(), pool);
    var partial = new PartialRequest();
    var args = new Args();
    var text = new StringBuilder();
    long block = NativeHeap.allocate(Math.max(1, input.length));
    try {
      Memory.copyFrom(input, 0, block, input.length);
      long at = block;
      for (int arrived = Math.min(piece, input.length); ; arrived += piece) {
        long end = block + Math.min(arrived, input.length);
        while (at < end) {
          var outcome = parser.parse(at, end, true, partial, args);
          if (pool.usedBytes() > CONSTANT_BYTES + 4L * input.length) {
            throw new AssertionError(pool.usedBytes() + " bytes of words");
          }
          if (outcome == Outcome.MALFORMED) {
            return text.append('!').append(parser.error()).toString();
          }
          if (outcome == Outcome.INCOMPLETE) {
            break;
          }
          if (parser.end() <= at || parser.end() > end) {
            throw new AssertionError("a request that ends where it cannot: " + parser.end());
          }
          for (int i = 0; i < args.count(); i++) {
            text.append(args.string(i)).append('|');
          }
          at = parser.end();
        }
        if (arrived >= input.length) {
          return text.append("...").toString();
        }
      }
    } finally {
      NativeHeap.free(block);
      // Words of a line are kept until the next request.
      release(parser);
    }
  }

  private static void release(RequestParser parser) {
    long nothing = NativeHeap.allocate(1);
    Memory.putByte(nothing, (byte) '*');
    parser.parse(nothing, nothing + 1, true, new PartialRequest(), new Args());
    NativeHeap.free(nothing);
  }

  private static byte[] damaged(byte[] sample, Random random) {
    var bytes = sample;
    for (int times = 1 + random.nextInt(4); times > 0 && bytes.length > 0; times--) {
      int at = random.nextInt(bytes.length);
      int length = Math.min(bytes.length - at, 1 + random.nextInt(6));
      bytes =
          switch (random.nextInt(6)) {
            case 0 -> splice(bytes, at, 1, new byte[] {(byte) random.nextInt(256)});
            case 1 -> splice(bytes, at, length, new byte[0]);
            case 2 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            case 3 -> splice(bytes, at, 0, number(random));
            case 4 -> splice(bytes, at, length, number(random));
            default -> Arrays.copyOf(bytes, random.nextInt(4) == 0 ? at : bytes.length);
          };
    }
    return bytes;
  }

  private static byte[] number(Random random) {
    var numbers =
        List.of("*1048576\r\n", "$536870912\r\n", "-1", "00", "99999999999999999999", "\r\n", "*");
    return numbers.get(random.nextInt(numbers.size())).getBytes(StandardCharsets.US_ASCII);
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
