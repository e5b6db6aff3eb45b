package dev.holdfast.formats.check;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Failures of the disk that name the file: what a channel throws says only what went wrong. */
final class NamedFailure {

  private NamedFailure() {}

  static FileSystemException of(Path file, IOException failure) {
    if (failure instanceof FileSystemException named) {
      return named;
    }
    var named = new FileSystemException(file.toString(), null, failure.getMessage());
    named.initCause(failure);
    return named;
  }

  /** All bytes of a small file. */
  static byte[] readAll(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw of(file, e);
    }
  }
}
