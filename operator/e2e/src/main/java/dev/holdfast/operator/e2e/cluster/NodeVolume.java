package dev.holdfast.operator.e2e.cluster;

import java.util.Base64;
import java.util.List;

/** A volume that only the node sees as a folder. */
final class NodeVolume implements VolumeFiles {
  private final Node node;
  private final String root;

  NodeVolume(Node node, String root) {
    this.node = node;
    this.root = root;
  }

  @Override
  public List<String> list(String folder) {
    return node.run("ls -1 '%s' 2>/dev/null || true".formatted(path(folder)))
        .lines()
        .sorted()
        .toList();
  }

  @Override
  public long size(String file) {
    return Long.parseLong(node.run("stat -c %s '" + path(file) + "'").strip());
  }

  @Override
  public byte[] read(String file) {
    return Base64.getMimeDecoder().decode(node.run("base64 '%s'".formatted(path(file))));
  }

  @Override
  public void append(String file, byte[] bytes) {
    overwrite(file, size(file), bytes);
  }

  @Override
  public void overwrite(String file, long offset, byte[] bytes) {
    node.run(
        "echo '%s' | base64 -d | dd of='%s' bs=1 seek=%d conv=notrunc,fsync status=none"
            .formatted(Base64.getEncoder().encodeToString(bytes), path(file), offset));
  }

  @Override
  public void fill() {
    node.run("dd if=/dev/zero of='%s' bs=64k 2>/dev/null || true; sync".formatted(path("filler")));
  }

  @Override
  public void free() {
    node.run("rm -f '%s'; sync".formatted(path("filler")));
  }

  private String path(String relative) {
    return root + "/" + relative;
  }
}
