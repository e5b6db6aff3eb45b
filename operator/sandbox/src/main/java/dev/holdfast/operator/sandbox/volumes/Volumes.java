package dev.holdfast.operator.sandbox.volumes;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The storage behind claims: a folder per volume that survives the sandbox.
 *
 * <p>{@link LoopVolumes} gives every volume a file system of its own, which fills up as a disk
 * does. {@link FolderVolumes} is for whoever may not mount: nothing enforces the size.
 */
public interface Volumes extends AutoCloseable {
  /** Makes a volume; one that is there already stays. */
  void make(String name, long bytes) throws IOException;

  /** Where the volume's files are, or will be once it is attached. */
  Path folder(String name);

  /** Makes the volume's files reachable. */
  void attach(String name) throws IOException;

  /**
   * Makes a volume larger.
   *
   * @param inUse whether a process may be using it
   * @return false when that has to wait until it is not in use
   */
  boolean grow(String name, long bytes, boolean inUse) throws IOException;

  /** Removes a volume and what is in it. */
  void remove(String name) throws IOException;

  /** Whether a full volume fails writes. */
  boolean enforcesSize();

  /** Detaches everything; nothing is removed. */
  @Override
  void close() throws IOException;
}
