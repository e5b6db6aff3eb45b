package dev.holdfast.operator.sandbox.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Plain folders; nothing enforces the size of a claim. */
public final class FolderVolumes implements Volumes {
  private final Path root;

  /** Keeps volumes below a folder. */
  public FolderVolumes(Path root) {
    this.root = root;
  }

  @Override
  public void make(String name, long bytes) throws IOException {
    Files.createDirectories(folder(name));
  }

  @Override
  public Path folder(String name) {
    return root.resolve(name);
  }

  @Override
  public void attach(String name) throws IOException {
    Files.createDirectories(folder(name));
  }

  @Override
  public boolean grow(String name, long bytes, boolean inUse) {
    return true;
  }

  @Override
  public void remove(String name) throws IOException {
    Folders.delete(folder(name));
  }

  @Override
  public boolean enforcesSize() {
    return false;
  }

  @Override
  public void close() {}
}
