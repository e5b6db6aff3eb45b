package dev.holdfast.operator.e2e.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A volume that this process sees as a folder. */
final class FolderVolume implements VolumeFiles {
  private static final String FILLER = "filler";

  private final Path root;

  FolderVolume(Path root) {
    this.root = root;
  }

  @Override
  public List<String> list(String folder) {
    var path = root.resolve(folder);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (var files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long size(String file) {
    try {
      return Files.size(root.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] read(String file) {
    try {
      return Files.readAllBytes(root.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void append(String file, byte[] bytes) {
    overwrite(file, size(file), bytes);
  }

  @Override
  public void overwrite(String file, long offset, byte[] bytes) {
    try (var target = new RandomAccessFile(root.resolve(file).toFile(), "rw")) {
      target.seek(offset);
      target.write(bytes);
      target.getFD().sync();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void fill() {
    var block = new byte[1 << 20];
    try (var filler = new RandomAccessFile(root.resolve(FILLER).toFile(), "rw")) {
      for (var size = block.length; size > 0; ) {
        try {
          filler.write(block, 0, size);
        } catch (IOException full) {
          size /= 2;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void free() {
    try {
      Files.deleteIfExists(root.resolve(FILLER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
