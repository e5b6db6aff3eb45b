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

  public AofNames names() {
    return new AofNames(appendFilename);
  }

  /** Where the files of the multi-part AOF are. */
  public Path appendDir() {
    return dir.resolve(appendDirName);
  }

  public Path manifest() {
    return appendDir().resolve(names().manifest());
  }

  /** The whole AOF of Redis 6 and before. */
  public Path singleFile() {
    return dir.resolve(appendFilename);
  }

  /** The RDB file of {@code SAVE}. */
  public Path snapshot() {
    return dir.resolve(dbFilename);
  }
}
