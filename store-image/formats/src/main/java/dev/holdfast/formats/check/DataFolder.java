package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.AofNames;
import java.nio.file.Path;

/**
 * Where a store keeps its data: the directives {@code dir}, {@code appenddirname}, {@code
 * appendfilename}, {@code dbfilename} and {@code appendonly}.
 */
public record DataFolder(
    Path dir, String appendDirName, String appendFilename, String dbFilename, boolean appendOnly) {

  /** The defaults of stock servers, with the AOF on. */
  public static DataFolder withDefaults(Path dir) {
    return new DataFolder(dir, "appendonlydir", "appendonly.aof", "dump.rdb", true);
  }

  AofNames names() {
    return new AofNames(appendFilename);
  }

  Path appendDir() {
    return dir.resolve(appendDirName);
  }

  Path manifest() {
    return appendDir().resolve(names().manifest());
  }

  Path singleFile() {
    return dir.resolve(appendFilename);
  }

  Path snapshot() {
    return dir.resolve(dbFilename);
  }
}
