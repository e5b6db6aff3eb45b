package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Takes what waits in a reply buffer, as the loop does when it sends. */
final class Sent {
  private Sent() {}

  static String text(ReplyBuffer buffer) {
    return new String(bytes(buffer, buffer.pending(), 4), StandardCharsets.ISO_8859_1);
  }

  /** Takes so many bytes, in calls of at most {@code pieces} pieces. */
  static byte[] bytes(ReplyBuffer buffer, long wanted, int pieces) {
    var out = new ByteArrayOutputStream();
    long pairs = NativeHeap.allocate(16L * pieces);
    long upTo = buffer.sent() + wanted;
    while (buffer.sent() < upTo) {
      int count = buffer.vector(pairs, pieces, upTo);
      long sum = 0;
      for (int i = 0; i < count; i++) {
        long length = Memory.getLong(pairs + 16L * i + 8);
        out.writeBytes(Memory.bytes(Memory.getLong(pairs + 16L * i), (int) length));
        sum += length;
      }
      buffer.consumed(sum);
    }
    NativeHeap.free(pairs);
    return out.toByteArray();
  }
}
