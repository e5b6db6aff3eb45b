package dev.holdfast.engine.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Configuration files on the disk; relative paths start at a given folder. */
public final class DiskConfigFiles implements ConfigFiles {
  private final Path folder;

  public DiskConfigFiles(Path folder) {
    this.folder = folder;
  }

  @Override
  public String read(String path) throws IOException {
    try {
      return new String(Files.readAllBytes(folder.resolve(path)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IOException(reason(e), e);
    }
  }

  @Override
  public List<String> expand(String pattern) throws IOException {
    if (pattern.chars().noneMatch(c -> c == '*' || c == '?' || c == '[')) {
      return List.of(pattern);
    }
    Path path = folder.resolve(pattern);
    Path parent = path.getParent();
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (var files = Files.newDirectoryStream(parent, path.getFileName().toString())) {
      var found = new java.util.ArrayList<String>();
      files.forEach(file -> found.add(file.toString()));
      found.sort(null);
      return found;
    }
  }

  @Override
  public void replace(String path, String text) throws IOException {
    Path target = folder.resolve(path).toAbsolutePath();
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      try (var channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      try (var directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw new IOException(reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "No such file or directory";
      case AccessDeniedException denied -> "Permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> e.getMessage();
    };
  }
}
