package dev.holdfast.engine.persistence;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.storage.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Looks behind damage for marks of the same file, and what they promised. Takes a mark by its
 * looks: a wrong one can only forbid a cut.
 */
final class MarksBehind {
  private static final int WINDOW = 1 << 20;
  private static final int LONGEST_MARK = 128;

  private final StoredFile file;
  private final Pattern mark;

  MarksBehind(StoredFile file, long identity) {
    this.file = file;
    this.mark =
        Pattern.compile(
            "#M\\d{1,18}:"
                + HexFormat.of().toHexDigits(identity)
                + ":\\d{1,18}:\\d{1,18}:(\\d{1,18}):[0-9a-f]{8}\r\n");
  }

  /** The largest logical offset that a mark at or behind {@code from} calls durable; -1: none. */
  long durableFrom(long from) throws IOException {
    long buffer = NativeHeap.allocate(WINDOW);
    try {
      long durable = -1;
      long at = from;
      while (true) {
        long read = file.read(at, buffer, WINDOW);
        if (read <= 0) {
          return durable;
        }
        var text = new String(Memory.bytes(buffer, (int) read), StandardCharsets.ISO_8859_1);
        var matcher = mark.matcher(text);
        while (matcher.find()) {
          durable = Math.max(durable, Long.parseLong(matcher.group(1)));
        }
        // A mark may lie across the window's end.
        at += read > LONGEST_MARK ? read - LONGEST_MARK : read;
      }
    } finally {
      NativeHeap.free(buffer);
    }
  }
}
