package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.volumes.Folders;
import dev.holdfast.operator.sandbox.volumes.Volumes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A pod's volumes as folders.
 *
 * <p>ConfigMaps and Secrets are laid out as the kubelet does: files are links into {@code ..data},
 * which is a link to a folder with one version and is swapped whole.
 */
final class PodVolumes {
  private final ObjectNode pod;
  private final Path folder;
  private final Volumes volumes;
  private final BiFunction<String, String, ObjectNode> find;
  private final Map<String, Map<String, String>> written = new HashMap<>();
  private int version;

  PodVolumes(
      ObjectNode pod, Path folder, Volumes volumes, BiFunction<String, String, ObjectNode> find) {
    this.pod = pod;
    this.folder = folder;
    this.volumes = volumes;
    this.find = find;
  }

  /** Makes every folder, or says what is missing. */
  void make() throws IOException, Variables.Missing {
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      String name = Json.text(volume, "name");
      if (volume.has("persistentVolumeClaim")) {
        volumes.attach(boundVolume(volume));
      } else if (volume.has("configMap") || volume.has("secret")) {
        write(volume);
      } else if (volume.has("emptyDir")) {
        Files.createDirectories(folder.resolve(name));
      } else {
        throw new Variables.Missing(
            "volume \""
                + name
                + "\": the sandbox has configMap, secret, emptyDir and"
                + " persistentVolumeClaim");
      }
    }
  }

  /** Brings changed ConfigMaps and Secrets to their files; true when something changed. */
  boolean refresh() throws IOException {
    boolean changed = false;
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      try {
        if (volume.has("configMap") || volume.has("secret")) {
          changed |= write(volume);
        }
      } catch (Variables.Missing e) {
        // what was there stays, as with the kubelet
      }
    }
    return changed;
  }

  /** The folder that stands for a mount's path. */
  Path folder(JsonNode mount) {
    String name = Json.text(mount, "name");
    Path base = folder.resolve(name);
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      if (Json.text(volume, "name").equals(name) && volume.has("persistentVolumeClaim")) {
        base = volumes.folder(boundVolume(volume));
      }
    }
    return base.resolve(Json.text(mount, "subPath"));
  }

  private String boundVolume(JsonNode volume) {
    String claim = Json.text(volume, "persistentVolumeClaim", "claimName");
    return Json.text(find.apply("persistentvolumeclaims", claim), "spec", "volumeName");
  }

  private boolean write(JsonNode volume) throws IOException, Variables.Missing {
    boolean secret = volume.has("secret");
    JsonNode source = volume.path(secret ? "secret" : "configMap");
    String object = Json.text(source, secret ? "secretName" : "name");
    ObjectNode found = find.apply(secret ? "secrets" : "configmaps", object);
    if (found == null && !source.path("optional").asBoolean(false)) {
      throw new Variables.Missing(
          "MountVolume.SetUp failed for volume \""
              + Json.text(volume, "name")
              + "\" : "
              + (secret ? "secret" : "configmap")
              + " \""
              + object
              + "\" not found");
    }
    Map<String, String> files = files(found == null ? Json.object() : found, source, secret);
    String name = Json.text(volume, "name");
    if (files.equals(written.get(name))) {
      return false;
    }
    swap(folder.resolve(name), files);
    written.put(name, files);
    return true;
  }

  /** File names to contents in base64. */
  private static Map<String, String> files(ObjectNode object, JsonNode source, boolean secret) {
    Map<String, String> all = new TreeMap<>();
    object
        .path("data")
        .properties()
        .forEach(
            entry -> {
              String text = entry.getValue().asText();
              all.put(
                  entry.getKey(),
                  secret
                      ? text
                      : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
            });
    object
        .path("binaryData")
        .properties()
        .forEach(entry -> all.put(entry.getKey(), entry.getValue().asText()));
    if (source.path("items").isEmpty()) {
      return all;
    }
    Map<String, String> chosen = new LinkedHashMap<>();
    for (JsonNode item : source.path("items")) {
      String value = all.get(Json.text(item, "key"));
      if (value != null) {
        chosen.put(Json.text(item, "path"), value);
      }
    }
    return chosen;
  }

  private void swap(Path mount, Map<String, String> files) throws IOException {
    Files.createDirectories(mount);
    Path data = mount.resolve("..data");
    Path old = Files.isSymbolicLink(data) ? mount.resolve(Files.readSymbolicLink(data)) : null;
    Path next = mount.resolve("..v" + System.nanoTime() + "_" + version++);
    Files.createDirectories(next);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path target = next.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.write(target, Base64.getDecoder().decode(file.getValue()));
    }
    Path link = mount.resolve("..data_tmp");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, next.getFileName());
    Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    for (String file : files.keySet()) {
      Path top = mount.resolve(Path.of(file).getName(0));
      if (!Files.isSymbolicLink(top)) {
        Files.createSymbolicLink(top, Path.of("..data").resolve(top.getFileName()));
      }
    }
    try (var entries = Files.newDirectoryStream(mount)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith("..") && !Files.exists(entry)) {
          Files.delete(entry);
        }
      }
    }
    if (old != null) {
      Folders.delete(old);
    }
  }
}
