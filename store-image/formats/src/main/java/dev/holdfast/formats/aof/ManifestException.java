package dev.holdfast.formats.aof;

import java.io.IOException;

/**
 * A manifest that cannot be used. The message names file, line, what was expected and what was
 * found.
 */
public final class ManifestException extends IOException {
  private static final long serialVersionUID = 1;

  private final String file;
  private final int line;
  private final String reason;
  private final String found;

  ManifestException(String file, int line, String reason, String expected, String found) {
    super(
        "%s, line %d: %s: expected %s, found '%s'".formatted(file, line, reason, expected, found));
    this.file = file;
    this.line = line;
    this.reason = reason;
    this.found = found;
  }

  public String file() {
    return file;
  }

  /** Counted from 1; 0 when the file is empty. */
  public int line() {
    return line;
  }

  /** The words of stock servers, for example {@code Found an empty AOF manifest}. */
  public String reason() {
    return reason;
  }

  /** The line as it is in the file, shortened. */
  public String found() {
    return found;
  }
}
