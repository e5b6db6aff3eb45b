package dev.holdfast.tools.check;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Tells a manifest from an AOF by its content, as the stock tool does: its first line that is no
 * comment starts with a file.
 */
final class ManifestDetection {

  private static final int LONGEST_LINE = 1024;
  private static final byte[] START = "file".getBytes(StandardCharsets.US_ASCII);

  private ManifestDetection() {}

  static boolean isManifest(Path file) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      while (true) {
        in.mark(LONGEST_LINE);
        byte[] start = in.readNBytes(START.length);
        if (start.length == 0 || start[0] != '#') {
          return Arrays.equals(start, START);
        }
        in.reset();
        if (!skipLine(in)) {
          return false;
        }
      }
    }
  }

  private static boolean skipLine(BufferedInputStream in) throws IOException {
    for (int i = 0; i < LONGEST_LINE; i++) {
      int read = in.read();
      if (read < 0) {
        return false;
      }
      if (read == '\n') {
        return true;
      }
    }
    return false;
  }
}
