package dev.holdfast.engine.storage;

import java.io.IOException;
import java.nio.file.Path;

/** A call to the disk that failed: which call, on which file, and what the system says. */
public final class StorageException extends IOException {
  private static final long serialVersionUID = 1;

  private final String reason;

  public StorageException(String call, Path file, String reason) {
    super("%s %s: %s%s".formatted(call, file, reason, advice(reason)));
    this.reason = reason;
  }

  /** The system's text alone, such as {@code No space left on device}. */
  public String reason() {
    return reason;
  }

  private static String advice(String reason) {
    return switch (reason) {
      case "Permission denied", "Operation not permitted" ->
          "; the data folder and all files in it have to belong to, or be writable for, %s: chown them, or set fsGroup in a pod's securityContext"
              .formatted(ProcessUser.text());
      case "Read-only file system" ->
          "; mount the data folder writable, and look in the kernel's log whether the disk failed";
      default -> "";
    };
  }

  /** Whether the disk, or the quota on it, is used up. */
  public static boolean isDiskFull(IOException failure) {
    var reason = reasonOf(failure);
    return "No space left on device".equals(reason) || "Disk quota exceeded".equals(reason);
  }

  /** The system's text of any failure, for messages that name the file themselves. */
  public static String reasonOf(IOException failure) {
    return failure instanceof StorageException e ? e.reason : failure.getMessage();
  }
}
