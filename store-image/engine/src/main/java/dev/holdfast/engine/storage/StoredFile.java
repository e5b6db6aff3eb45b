package dev.holdfast.engine.storage;

import java.io.Closeable;
import java.io.IOException;

/**
 * An open file. Addresses are native memory. One thread uses it at a time; handing it to another
 * thread needs a happens-before of the caller's.
 */
public interface StoredFile extends Closeable {
  /**
   * Writes at the end of what was written before; at first that is the end of the file.
   *
   * @return the bytes that were written, at least 1 and possibly fewer than {@code length} (a full
   *     disk, a signal)
   * @throws StorageException if nothing could be written
   */
  long write(long address, long length) throws IOException;

  /** Writes all of it at the end of the file; when it fails, some of it may be there. */
  default void writeFully(long address, long length) throws IOException {
    long done = 0;
    while (done < length) {
      done += write(address + done, length - done);
    }
  }

  /**
   * Writes zeros from {@code offset}, which is not before the end of what was written; the next
   * write still goes where it would have gone, over them. So the file system has done its
   * book-keeping before, and a sync of a write there is one of data only.
   *
   * @throws StorageException if not all of them could be written; some may be there
   */
  void fill(long offset, long length) throws IOException;

  /** Reads up to {@code length} bytes at {@code offset}; -1 at the end of the file. */
  long read(long offset, long address, long length) throws IOException;

  /** Makes everything written so far lasting ({@code fdatasync}). */
  void sync() throws IOException;

  /** Cuts the file to {@code size} bytes; the next write goes there. */
  void truncate(long size) throws IOException;

  /** The size of the file in bytes, with what was filled behind the end. */
  long size() throws IOException;

  @Override
  void close() throws IOException;
}
