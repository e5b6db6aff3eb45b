package dev.holdfast.formats;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/** Bytes in native memory, and sources over arrays, for tests. */
public final class Native {
  private Native() {}

  public static NativeBuffer copy(byte[] bytes) {
    var copy = new NativeBuffer(bytes.length);
    copy.put(bytes);
    return copy;
  }

  public static NativeBuffer copy(String text) {
    return copy(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A source with a small window, so that it is refilled and grown often. */
  public static ByteSource source(byte[] bytes) {
    return new ByteSource(Channels.newChannel(new ByteArrayInputStream(bytes)), 0, 64);
  }

  /** Reads every byte, so that memory that is not there is noticed. */
  public static int touch(long address, int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += Raw.getByte(address + i);
    }
    return sum;
  }
}
