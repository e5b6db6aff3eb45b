package dev.holdfast.engine.storage;

import dev.holdfast.engine.memory.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * The real disk, through {@link FileChannel}: its {@code write} and {@code force(false)} are one
 * {@code write(2)} and one {@code fdatasync(2)}. A write of native memory costs two small objects
 * more than a direct system call, which is not measurable beside the call.
 */
public final class DiskStorage implements Storage {

  /** The most that one system call is asked to move; the kernel's own bound is just below 2 GiB. */
  private static final long MOST_AT_ONCE = 1L << 30;

  @Override
  public StoredFile create(Path file) throws IOException {
    return open(
        "create",
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  @Override
  public StoredFile openForAppend(Path file) throws IOException {
    return open("open", file, StandardOpenOption.WRITE);
  }

  @Override
  public StoredFile openForRead(Path file) throws IOException {
    return open("open", file, StandardOpenOption.READ);
  }

  private static StoredFile open(String call, Path file, OpenOption... options) throws IOException {
    try {
      var channel = FileChannel.open(file, options);
      channel.position(channel.size());
      return new DiskFile(file, channel);
    } catch (IOException e) {
      throw failed(call, file, e);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed("rename", from, e);
    }
  }

  @Override
  public boolean delete(Path file) throws IOException {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("delete", file, e);
    }
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public Optional<FileTimes> times(Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new FileTimes(
              attributes.lastModifiedTime().toInstant(), attributes.creationTime().toInstant()));
    } catch (IOException e) {
      throw failed("stat", file, e);
    }
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("list", directory, e);
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    var parent = directory.toAbsolutePath().getParent();
    createDirectories(parent);
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw failed("create directory", directory, e);
    }
    syncDirectory(parent);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw failed("sync directory", directory, e);
    }
  }

  @Override
  public void allocate(Path file, long bytes) throws IOException {
    Allocation.of(file, bytes);
  }

  @Override
  public long freeBytes(Path directory) throws IOException {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw failed("measure free space of", directory, e);
    }
  }

  static StorageException failed(String call, Path file, IOException e) {
    var reason =
        switch (e) {
          case NoSuchFileException _ -> "No such file or directory";
          case AccessDeniedException _ -> "Permission denied";
          case FileAlreadyExistsException _ -> "File exists";
          case NotDirectoryException _ -> "Not a directory";
          case FileSystemException f when f.getReason() != null -> f.getReason();
          default -> String.valueOf(e.getMessage());
        };
    var failure = new StorageException(call, file, reason);
    failure.initCause(e);
    return failure;
  }

  private static final class DiskFile implements StoredFile {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(256 << 10).asReadOnlyBuffer();

    private final Path file;
    private final FileChannel channel;

    DiskFile(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public long write(long address, long length) throws IOException {
      try {
        return channel.write(view(address, length));
      } catch (IOException e) {
        throw failed("write", file, e);
      }
    }

    @Override
    public void fill(long offset, long length) throws IOException {
      try {
        long at = offset;
        while (at < offset + length) {
          var zeros = ZEROS.duplicate();
          zeros.limit((int) Math.min(zeros.capacity(), offset + length - at));
          at += channel.write(zeros, at);
        }
      } catch (IOException e) {
        throw failed("fill", file, e);
      }
    }

    @Override
    public long read(long offset, long address, long length) throws IOException {
      try {
        return channel.read(view(address, length), offset);
      } catch (IOException e) {
        throw failed("read", file, e);
      }
    }

    @Override
    public void sync() throws IOException {
      try {
        channel.force(false);
      } catch (IOException e) {
        throw failed("fdatasync", file, e);
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      try {
        channel.truncate(size);
        channel.position(size);
      } catch (IOException e) {
        throw failed("truncate", file, e);
      }
    }

    @Override
    public long size() throws IOException {
      try {
        return channel.size();
      } catch (IOException e) {
        throw failed("measure", file, e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        channel.close();
      } catch (IOException e) {
        throw failed("close", file, e);
      }
    }

    private static ByteBuffer view(long address, long length) {
      return Memory.segment(address, Math.min(length, MOST_AT_ONCE)).asByteBuffer();
    }
  }
}
