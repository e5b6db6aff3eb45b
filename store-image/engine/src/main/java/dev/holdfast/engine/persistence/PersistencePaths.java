package dev.holdfast.engine.persistence;

import java.nio.file.Path;

/**
 * Where the files are.
 *
 * @param directory directive {@code dir}, absolute
 * @param appendDirName {@code appenddirname}
 * @param appendFileName {@code appendfilename}
 */
public record PersistencePaths(Path directory, String appendDirName, String appendFileName) {
  /** The folder of the multi-part AOF. */
  public Path appendDirectory() {
    return directory.resolve(appendDirName);
  }
}
