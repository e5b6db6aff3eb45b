package dev.holdfast.tools.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path of a {@link FragileDisk}: the real one, in other hands. */
record FragilePath(FragileFileSystem system, Path real) implements Path {

  private Path with(Path other) {
    return other == null ? null : new FragilePath(system, other);
  }

  @Override
  public FileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return real.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return with(real.getRoot());
  }

  @Override
  public Path getFileName() {
    return with(real.getFileName());
  }

  @Override
  public Path getParent() {
    return with(real.getParent());
  }

  @Override
  public int getNameCount() {
    return real.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return with(real.getName(index));
  }

  @Override
  public Path subpath(int begin, int end) {
    return with(real.subpath(begin, end));
  }

  @Override
  public boolean startsWith(Path other) {
    return real.startsWith(FragileDisk.real(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return real.endsWith(FragileDisk.real(other));
  }

  @Override
  public Path normalize() {
    return with(real.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return with(real.resolve(FragileDisk.real(other)));
  }

  @Override
  public Path relativize(Path other) {
    return with(real.relativize(FragileDisk.real(other)));
  }

  @Override
  public Path toAbsolutePath() {
    return with(real.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return with(real.toRealPath(options));
  }

  @Override
  public URI toUri() {
    return real.toUri();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return real.compareTo(FragileDisk.real(other));
  }

  @Override
  public String toString() {
    return real.toString();
  }
}
