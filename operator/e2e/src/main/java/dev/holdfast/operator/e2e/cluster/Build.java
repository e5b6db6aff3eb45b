package dev.holdfast.operator.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/** What the build left behind, found from wherever a test or the quick start runs. */
public final class Build {
  private Build() {}

  /** The root of the checkout: the folder above this one that has {@code mvnw}. */
  public static Path root() {
    for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("mvnw"))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        "expected to run inside a checkout of Holdfast, found no mvnw above "
            + Path.of("").toAbsolutePath());
  }

  /** A file that the build makes, given relative to the root. */
  public static Path output(String path) {
    var file = root().resolve(path);
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          "expected "
              + path
              + ", which the build makes; run ./mvnw package -DskipTests first (images: -Pimages)");
    }
    return file;
  }
}
