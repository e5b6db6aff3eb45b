package dev.holdfast.formats.aof;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One line of a manifest.
 *
 * @param name file name without a folder
 * @param seq sequence number, at least 1
 * @param startOffset replication offset at the file's start (Redis 8.0 and later, incremental files
 *     only)
 * @param endOffset replication offset at the file's end; present only after a clean close
 * @param unknown keys that this version does not know, kept so that writing the manifest loses
 *     nothing
 */
public record ManifestFile(
    String name,
    long seq,
    Type type,
    OptionalLong startOffset,
    OptionalLong endOffset,
    Map<String, String> unknown) {

  /** What a file is to the AOF. History files are replaced and only wait for their deletion. */
  public enum Type {
    BASE('b'),
    HISTORY('h'),
    INCR('i');

    private final char letter;

    Type(char letter) {
      this.letter = letter;
    }

    char letter() {
      return letter;
    }
  }

  public ManifestFile {
    if (!isPlainName(name)) {
      throw new IllegalArgumentException("File can't be a path, just a filename: " + name);
    }
    if (seq < 1) {
      throw new IllegalArgumentException("seq of " + name + " must be at least 1, not " + seq);
    }
    unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
  }

  public ManifestFile(String name, long seq, Type type) {
    this(name, seq, type, OptionalLong.empty(), OptionalLong.empty(), Map.of());
  }

  /**
   * The same file under another type; offsets belong to incremental files and are dropped with it.
   */
  ManifestFile as(Type other) {
    return new ManifestFile(name, seq, other, OptionalLong.empty(), OptionalLong.empty(), unknown);
  }

  /** The same file with the replication offsets of its start and, after a clean close, its end. */
  public ManifestFile withOffsets(OptionalLong start, OptionalLong end) {
    return new ManifestFile(name, seq, type, start, end, unknown);
  }

  static boolean isPlainName(String name) {
    return !name.isEmpty()
        && name.indexOf('/') < 0
        && name.indexOf('\\') < 0
        && name.indexOf('\0') < 0
        && !name.equals(".")
        && !name.equals("..");
  }
}
