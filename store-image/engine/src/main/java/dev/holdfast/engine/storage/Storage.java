package dev.holdfast.engine.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Every access of the engine to a disk goes through here, so that a test can put a disk in its
 * place that tears writes, loses what was not synced, fails any call or makes it slow.
 *
 * <p>What may be relied on after a power cut is what POSIX gives and no more: the bytes of a file
 * up to its last {@link StoredFile#sync()}, and the names of a directory up to its last {@link
 * #syncDirectory(Path)}.
 *
 * <p>Failures of the system arrive as {@link StorageException}, whose {@code reason} is the
 * system's own text ("No space left on device").
 */
public interface Storage {
  /** Creates the file, or empties it if it is there, and opens it for writing at its end. */
  StoredFile create(Path file) throws IOException;

  /** Opens a file that exists for writing at its end. */
  StoredFile openForAppend(Path file) throws IOException;

  /** Opens a file that exists for reading. */
  StoredFile openForRead(Path file) throws IOException;

  /**
   * Replaces {@code to} by {@code from} in one step; lasting only after {@link
   * #syncDirectory(Path)} of the directory.
   */
  void rename(Path from, Path to) throws IOException;

  /** Removes the file; true if it was there. */
  boolean delete(Path file) throws IOException;

  boolean exists(Path file);

  /** When the file was written; empty where this storage has no times. */
  Optional<FileTimes> times(Path file) throws IOException;

  /** The names of the entries of the directory, sorted; empty if there is no such directory. */
  List<String> list(Path directory) throws IOException;

  /** Creates the directory and its missing parents, and makes the new names lasting. */
  void createDirectories(Path directory) throws IOException;

  /** Makes creations, renames and deletions in the directory lasting. */
  void syncDirectory(Path directory) throws IOException;

  /**
   * Makes a file whose blocks, at least so many bytes, are taken from the disk. When it fails, an
   * incomplete one may be there.
   */
  void allocate(Path file, long bytes) throws IOException;

  /** Bytes that can still be written to the file system of this directory. */
  long freeBytes(Path directory) throws IOException;
}
