package dev.holdfast.formats.aof;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Writes a manifest; names that need it are quoted and escaped as stock servers do. */
final class ManifestEncoder {
  private ManifestEncoder() {}

  static byte[] encode(Manifest manifest) {
    if (manifest.isEmpty()) {
      throw new IllegalStateException("an empty manifest is refused by every server");
    }
    var text = new StringBuilder();
    manifest.base().ifPresent(base -> append(text, List.of(base)));
    append(text, manifest.history());
    append(text, manifest.incr());
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void append(StringBuilder text, List<ManifestFile> files) {
    for (var file : files) {
      int start = text.length();
      text.append("file ").append(quoted(file.name()));
      text.append(" seq ").append(file.seq());
      text.append(" type ").append(file.type().letter());
      file.startOffset().ifPresent(offset -> text.append(" startoffset ").append(offset));
      file.endOffset().ifPresent(offset -> text.append(" endoffset ").append(offset));
      file.unknown()
          .forEach(
              (key, value) ->
                  text.append(' ').append(quoted(key)).append(' ').append(quoted(value)));
      if (text.length() - start > ManifestParser.MAX_LINE) {
        throw new IllegalArgumentException(
            "the manifest's line for %s would have %d bytes; at most %d are allowed"
                .formatted(file.name(), text.length() - start, ManifestParser.MAX_LINE));
      }
      text.append('\n');
    }
  }

  private static String quoted(String word) {
    var bytes = word.getBytes(StandardCharsets.UTF_8);
    var quoted = new StringBuilder();
    boolean needed = bytes.length == 0;
    for (byte b : bytes) {
      needed |= b <= ' ' || b == 127 || b == '"' || b == '\'' || b == '\\';
      switch (b) {
        case '"', '\\' -> quoted.append('\\').append((char) b);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case 7 -> quoted.append("\\a");
        default -> {
          if (b < ' ' || b == 127) {
            quoted.append("\\x").append(String.format(Locale.ROOT, "%02x", b & 0xff));
          } else {
            quoted.append((char) b);
          }
        }
      }
    }
    return needed ? "\"" + quoted + "\"" : word;
  }
}
