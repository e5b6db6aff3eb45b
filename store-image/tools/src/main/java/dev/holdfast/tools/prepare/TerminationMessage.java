package dev.holdfast.tools.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One line about the last check where the kubelet picks it up when the container ends. Outside a
 * pod there is no such file.
 */
final class TerminationMessage {

  private final Path file;
  private final boolean wanted;

  TerminationMessage(Settings settings) {
    this.file = settings.terminationLog();
    this.wanted = !settings.once();
  }

  /**
   * Replaces the message; does nothing when it cannot be written, because nothing depends on it.
   */
  void write(String line) {
    if (wanted && Files.isWritable(file)) {
      try {
        Files.writeString(file, line + "\n");
      } catch (IOException e) {
        // Only a courtesy to who reads the pod's status.
      }
    }
  }
}
