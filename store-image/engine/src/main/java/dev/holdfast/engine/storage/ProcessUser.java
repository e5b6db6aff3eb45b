package dev.holdfast.engine.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user that this process runs as, by number, as volumes and pods name it. */
final class ProcessUser {

  private ProcessUser() {}

  static String text() {
    try {
      var self = Path.of("/proc/self");
      return "user %s and group %s"
          .formatted(Files.getAttribute(self, "unix:uid"), Files.getAttribute(self, "unix:gid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "user " + System.getProperty("user.name");
    }
  }
}
