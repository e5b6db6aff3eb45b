package dev.holdfast.operator.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.api.ApiError;
import dev.holdfast.operator.sandbox.controllers.Cluster;
import dev.holdfast.operator.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Files of resources, applied as {@code kubectl apply --server-side -f} does. */
final class Manifests {
  private static final Pattern NAMES = Pattern.compile(".*\\.(ya?ml|json)");

  private final Cluster cluster;

  Manifests(Cluster cluster) {
    this.cluster = cluster;
  }

  void apply(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      List<Path> files;
      try (var entries = Files.list(path)) {
        files =
            entries
                .filter(file -> NAMES.matcher(file.toString()).matches())
                .filter(file -> !file.endsWith("kustomization.yaml"))
                .sorted()
                .toList();
      }
      for (Path file : files) {
        apply(file);
      }
      return;
    }
    for (ObjectNode object : Json.documents(Files.readString(path))) {
      try {
        cluster.apply("holdfast-sandbox", object);
      } catch (ApiError | IllegalArgumentException e) {
        throw new IOException(path + ": " + e.getMessage(), e);
      }
    }
  }
}
