package dev.holdfast.engine.aof;

import dev.holdfast.engine.persistence.PersistencePaths;
import dev.holdfast.formats.aof.AofNames;
import java.nio.file.Path;

/** Where the files of the AOF are. */
public record AofFiles(PersistencePaths paths) {
  /**
   * Base of a running rewrite, in {@code dir} as stock servers have it; renamed into the folder
   * when it is complete.
   */
  private static final String TEMPORARY_BASE = "temp-rewriteaof-bg-0.aof";

  public AofNames names() {
    return new AofNames(paths.appendFileName());
  }

  public Path folder() {
    return paths.appendDirectory();
  }

  /** A file of the folder. */
  public Path file(String name) {
    return folder().resolve(name);
  }

  public Path manifest() {
    return file(names().manifest());
  }

  public Path temporaryIncr() {
    return file(names().temporaryIncr());
  }

  /** See {@link StaleMark}. */
  Path staleMark() {
    return file(paths.appendFileName() + ".stale");
  }

  /** See {@link UnsyncedMark}. */
  Path unsyncedMark() {
    return file(paths.appendFileName() + ".unsynced");
  }

  public Path temporaryBase() {
    return paths.directory().resolve(TEMPORARY_BASE);
  }

  /**
   * Whether the name, in {@code dir}, is what an unfinished rewrite of any server leaves behind.
   */
  public static boolean isLeftover(String name) {
    return name.startsWith("temp-rewriteaof-") && name.endsWith(".aof")
        || name.startsWith("temp-") && name.endsWith(".rdb");
  }
}
