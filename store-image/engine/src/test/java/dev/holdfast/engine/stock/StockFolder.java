package dev.holdfast.engine.stock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * A data folder that this process and a stock server share: servers in the changed root of {@code
 * PEER_ROOT} see nothing outside of it, and have another name for what is inside.
 *
 * @param here what this process calls it
 * @param there what the server calls it
 */
public record StockFolder(Path here, Path there) implements AutoCloseable {

  /** A fresh one for the program that the variable names. */
  public static StockFolder fresh(String variable) throws IOException {
    var root = root(System.getenv(variable));
    var parent = Path.of(root.isEmpty() ? System.getProperty("java.io.tmpdir") : root + "/tmp");
    var folder = Files.createTempDirectory(parent, "holdfast-stock-");
    return new StockFolder(folder, Path.of(folder.toString().substring(root.length())));
  }

  private static String root(String program) {
    var root = System.getenv("PEER_ROOT");
    try {
      return program != null && root != null && Files.readString(Path.of(program)).contains(root)
          ? root
          : "";
    } catch (IOException notAScript) {
      return "";
    }
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(here)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
