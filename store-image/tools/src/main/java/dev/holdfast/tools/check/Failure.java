package dev.holdfast.tools.check;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The system's own words for a failure, as tools print them behind a file name. */
public final class Failure {

  private Failure() {}

  /** The same with the file's name in front, where the failure has one. */
  public static String named(IOException failure) {
    return failure instanceof FileSystemException e && e.getFile() != null
        ? e.getFile() + ": " + words(failure)
        : words(failure);
  }

  /** The same; where the failure names no file, it is about this one. */
  public static String named(String file, IOException failure) {
    return failure instanceof FileSystemException e && e.getFile() != null
        ? named(failure)
        : file + ": " + words(failure);
  }

  /** For example {@code No such file or directory}. */
  public static String words(IOException failure) {
    return switch (failure) {
      case NoSuchFileException missing -> "No such file or directory";
      case AccessDeniedException denied -> "Permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }
}
