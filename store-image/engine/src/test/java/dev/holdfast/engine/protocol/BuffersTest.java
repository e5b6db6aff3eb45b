package dev.holdfast.engine.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reply and query buffers against a plain byte array. */
class BuffersTest {
  private final BufferPool pool = new BufferPool();

  @Test
  void whatIsWrittenIsSentInOrderHoweverItIsTaken() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var buffer = new ReplyBuffer(pool);
      var written = new ByteArrayOutputStream();
      var sent = new ByteArrayOutputStream();
      for (int i = 0; i < 200; i++) {
        if (random.nextInt(3) > 0) {
          byte[] bytes =
              new byte[random.nextInt(20) == 0 ? random.nextInt(300_000) : random.nextInt(5_000)];
          random.nextBytes(bytes);
          buffer.append(bytes);
          written.writeBytes(bytes);
        } else if (buffer.pending() > 0) {
          long wanted =
              random.nextInt(10) == 0 ? buffer.pending() : 1 + random.nextLong(buffer.pending());
          sent.writeBytes(Sent.bytes(buffer, wanted, 1 + random.nextInt(5)));
        }
        assertThat(buffer.position()).isEqualTo(written.size());
        assertThat(buffer.pending()).isEqualTo(written.size() - sent.size());
        assertThat(buffer.memory()).isEqualTo(pool.usedBytes());
      }
      sent.writeBytes(Sent.bytes(buffer, buffer.pending(), 3));
      assertThat(sent.toByteArray()).as("seed %d", seed).isEqualTo(written.toByteArray());
      assertThat(pool.usedBytes()).isZero();
    }
  }

  @Test
  void aLargeReplyTakesItsOwnSizeAndGivesMemoryBackWhileItIsSent() {
    int length = 64 << 20;
    long value = NativeHeap.allocate(length);
    var buffer = new ReplyBuffer(pool);
    new Reply(buffer).bulk(value, length);
    assertThat(pool.usedBytes()).isLessThan(length + (2L << 20));
    buffer.consumed(length / 2);
    assertThat(pool.usedBytes()).isLessThan(length / 2 + (2L << 20));
    buffer.clear();
    assertThat(pool.usedBytes()).isZero();
    NativeHeap.free(value);
  }

  @Test
  void whatIsBeyondTheLimitIsDropped() {
    var buffer = new ReplyBuffer(pool);
    buffer.limit(100_000);
    var reply = new Reply(buffer);
    for (int i = 0; i < 1_000; i++) {
      reply.bulk("x".repeat(5_000));
    }
    reply.endArray(reply.deferArray(), 0);
    assertThat(buffer.overflowed()).isTrue();
    assertThat(pool.usedBytes()).isLessThan(300_000);
    buffer.clear();
    assertThat(pool.usedBytes()).isZero();
  }

  @Test
  void aQueryBufferKeepsWhatCameInOrder() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var query = new QueryBuffer(pool);
      byte[] model = new byte[0];
      for (int i = 0; i < 100; i++) {
        byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 400_000 : 3_000)];
        random.nextBytes(bytes);
        switch (random.nextInt(3)) {
          case 0 -> {
            long from = NativeHeap.allocate(bytes.length);
            Memory.copyFrom(bytes, 0, from, bytes.length);
            query.append(from, bytes.length);
            NativeHeap.free(from);
            model = joined(model, bytes, bytes.length);
          }
          case 1 -> {
            query.grow(random.nextInt(500_000));
            int n = (int) Math.min(query.room(), bytes.length);
            assertThat(n).isPositive();
            Memory.copyFrom(bytes, 0, query.end(), n);
            query.filled(n);
            model = joined(model, bytes, n);
          }
          default -> {
            int n = random.nextInt(model.length + 1);
            query.consumed(n);
            model = Arrays.copyOfRange(model, n, model.length);
          }
        }
        assertThat(Memory.bytes(query.address(), (int) query.length()))
            .as("seed %d", seed)
            .isEqualTo(model);
        assertThat(query.memory()).isEqualTo(pool.usedBytes());
      }
      query.clear();
      assertThat(pool.usedBytes()).isZero();
    }
  }

  private static byte[] joined(byte[] a, byte[] b, int length) {
    byte[] both = Arrays.copyOf(a, a.length + length);
    System.arraycopy(b, 0, both, a.length, length);
    return both;
  }

  @Test
  void aQueryBufferGrowsToTheLengthThatIsKnownAndTakesLittleForOneOnlyAnnounced() {
    long expected = 100L << 20;
    var query = new QueryBuffer(pool);
    query.grow(expected);
    assertThat(query.memory()).isLessThan(1 << 20);
    long most = 0;
    while (query.length() < expected) {
      query.grow(expected);
      query.filled(Math.min(query.room(), 1 << 20));
      most = Math.max(most, query.memory());
    }
    assertThat(most).isEqualTo(expected);
    query.clear();
  }
}
