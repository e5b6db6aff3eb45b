package dev.holdfast.tools.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * The real disk, on which the process is killed at a chosen step: a step is a call that changes
 * something or makes it durable. What was done before stays done; after it nothing gets through.
 *
 * <p>Paths of it come from {@link #path}; whatever is made from them goes through here.
 */
public final class FragileDisk extends FileSystemProvider {

  /** What a killed process sees: nothing. No code may catch it. */
  @SuppressWarnings("serial")
  public static final class Killed extends Error {
    Killed(String step) {
      super("killed at: " + step);
    }
  }

  private final FragileFileSystem system = new FragileFileSystem(this);
  private final long lastStep;
  private long steps;
  private String stoppedAt = "";

  /**
   * @param lastStep how many steps are done; at the next one the process is killed, which comes
   *     after half of it where it is a write
   */
  public FragileDisk(long lastStep) {
    this.lastStep = lastStep;
  }

  /** The same place as on the real disk. */
  public Path path(Path real) {
    return new FragilePath(system, real);
  }

  /** How many steps were asked for. */
  public long steps() {
    return steps;
  }

  /** The step that was not done. */
  public String stoppedAt() {
    return stoppedAt;
  }

  /** Counts a step; ends the process when it is one too many. */
  void step(String what) {
    if (isLast()) {
      stoppedAt = stoppedAt.isEmpty() ? what : stoppedAt;
      throw new Killed(what);
    }
    steps++;
  }

  /** Whether the next step is the one that is not, or only half, done. */
  boolean isLast() {
    return steps == lastStep;
  }

  static Path real(Path path) {
    return path instanceof FragilePath fragile ? fragile.real() : path;
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (path.endsWith("holdfast/lock")) {
      // The lock is the kernel's, and ends with the process; its text is a courtesy.
      return FileChannel.open(real(path), options, attributes);
    }
    boolean creates =
        options.contains(StandardOpenOption.CREATE_NEW)
            || (options.contains(StandardOpenOption.CREATE) && Files.notExists(real(path)));
    if (creates || options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      step("create " + path);
    }
    return new FragileChannel(this, path, FileChannel.open(real(path), options, attributes));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    if (Files.notExists(real(directory))) {
      step("create folder " + directory);
    }
    Files.createDirectory(real(directory), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    step("delete " + path);
    Files.delete(real(path));
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    step("move " + source);
    Files.move(real(source), real(target), options);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    step("copy " + source);
    Files.copy(real(source), real(target), options);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    var stream = Files.newDirectoryStream(real(directory));
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        var paths = stream.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return paths.hasNext();
          }

          @Override
          public Path next() {
            return path(paths.next());
          }
        };
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return Files.readAttributes(real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return Files.readAttributes(real(path), names, options);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    real(path).getFileSystem().provider().checkAccess(real(path), modes);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return Files.isSameFile(real(one), real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return Files.isHidden(real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return Files.getFileStore(real(path));
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return Files.getFileAttributeView(real(path), type, options);
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String getScheme() {
    return "fragile";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }
}
