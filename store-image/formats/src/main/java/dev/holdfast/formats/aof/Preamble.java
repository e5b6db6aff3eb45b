package dev.holdfast.formats.aof;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;

/**
 * Finds out by its first bytes how a base file is written; the suffix of its name does not count.
 */
public final class Preamble {
  private Preamble() {}

  /** Looks at the next bytes without consuming them. */
  public static BaseFormat detect(ByteSource source) throws IOException {
    return startsWith(source, "REDIS") || startsWith(source, "VALKEY")
        ? BaseFormat.RDB
        : BaseFormat.AOF;
  }

  private static boolean startsWith(ByteSource source, String magic) throws IOException {
    if (!source.require(magic.length())) {
      return false;
    }
    for (int i = 0; i < magic.length(); i++) {
      if (Raw.getByte(source.address() + i) != magic.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
