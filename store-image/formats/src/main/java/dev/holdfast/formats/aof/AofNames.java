package dev.holdfast.formats.aof;

import java.util.Optional;

/**
 * The names of the files of a multi-part AOF, made from the directive {@code appendfilename}.
 *
 * @param appendFilename for example {@code appendonly.aof}
 */
public record AofNames(String appendFilename) {
  private static final String INCR_SUFFIX = ".incr.aof";

  /** What a name says about a file of the AOF. */
  public record Part(long seq, boolean base) {}

  public AofNames {
    if (!ManifestFile.isPlainName(appendFilename)) {
      throw new IllegalArgumentException(
          "appendfilename can't be a path, just a filename: " + appendFilename);
    }
  }

  public String manifest() {
    return appendFilename + ".manifest";
  }

  public String base(long seq, BaseFormat format) {
    return appendFilename + "." + seq + format.suffix();
  }

  public String incr(long seq) {
    return appendFilename + "." + seq + INCR_SUFFIX;
  }

  /** The manifest while it is being written, in the same folder. */
  public String temporaryManifest() {
    return "temp-" + manifest();
  }

  /** The incremental file that grows while the AOF is being switched on and no base exists yet. */
  public String temporaryIncr() {
    return "temp-" + appendFilename + ".incr";
  }

  /** What the name says, or empty when it is not the name of a base or incremental file. */
  public Optional<Part> parse(String name) {
    if (!name.startsWith(appendFilename + ".")) {
      return Optional.empty();
    }
    var rest = name.substring(appendFilename.length() + 1);
    for (var format : BaseFormat.values()) {
      if (rest.endsWith(format.suffix())) {
        return part(rest, format.suffix(), true);
      }
    }
    return rest.endsWith(INCR_SUFFIX) ? part(rest, INCR_SUFFIX, false) : Optional.empty();
  }

  private static Optional<Part> part(String rest, String suffix, boolean base) {
    var digits = rest.substring(0, rest.length() - suffix.length());
    if (digits.isEmpty()
        || digits.length() > 18
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    return Optional.of(new Part(Long.parseLong(digits), base));
  }
}
