package dev.holdfast.operator.sandbox;

import dev.holdfast.operator.sandbox.http.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/** Writes the file that {@code kubectl} and every other client connects with. */
final class Kubeconfig {
  private Kubeconfig() {}

  static void write(Path file, int port, Identity identity) throws IOException {
    String authority =
        Base64.getEncoder()
            .encodeToString(identity.certificate().getBytes(StandardCharsets.US_ASCII));
    String text =
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: holdfast-sandbox
          cluster:
            server: https://127.0.0.1:%d
            certificate-authority-data: %s
        users:
        - name: holdfast-sandbox
          user:
            token: %s
        contexts:
        - name: holdfast-sandbox
          context:
            cluster: holdfast-sandbox
            user: holdfast-sandbox
            namespace: default
        current-context: holdfast-sandbox
        """
            .formatted(port, authority, identity.token());
    Files.deleteIfExists(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, text);
  }
}
