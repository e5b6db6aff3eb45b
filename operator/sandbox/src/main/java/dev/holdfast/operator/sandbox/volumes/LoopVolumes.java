package dev.holdfast.operator.sandbox.volumes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system in a sparse file for every volume, on a loop device: it fills up, and grows. Needs
 * Linux and root.
 *
 * <p>XFS from 300 MiB on, which grows while mounted; ext4 below, which may have to be unmounted for
 * that. A size below 16 MiB is rounded up to it.
 */
public final class LoopVolumes implements Volumes {
  private static final long LEAST = 16L << 20;
  private static final long LEAST_XFS = 300L << 20;

  private final Path root;
  private final boolean xfs;

  private LoopVolumes(Path root, boolean xfs) {
    this.root = root;
    this.xfs = xfs;
  }

  /** Loop volumes if this process may mount, plain folders otherwise. */
  public static Volumes in(Path root) throws IOException {
    Files.createDirectories(root);
    boolean linux = System.getProperty("os.name").equals("Linux");
    if (!linux || !System.getProperty("user.name").equals("root") || !has("mkfs.ext4")) {
      return new FolderVolumes(root);
    }
    var volumes = new LoopVolumes(root, has("mkfs.xfs") && has("xfs_growfs"));
    String probe = "probe";
    try {
      volumes.make(probe, LEAST);
      volumes.attach(probe);
      volumes.remove(probe);
      return volumes;
    } catch (IOException e) {
      Files.deleteIfExists(volumes.image(probe));
      return new FolderVolumes(root);
    }
  }

  @Override
  public void make(String name, long bytes) throws IOException {
    Path image = image(name);
    if (Files.exists(image)) {
      return;
    }
    long size = Math.max(LEAST, bytes);
    Path fresh = image.resolveSibling(image.getFileName() + ".new");
    try (var file = new RandomAccessFile(fresh.toFile(), "rw")) {
      file.setLength(size);
    }
    if (xfs && size >= LEAST_XFS) {
      run("mkfs.xfs", "-q", "-f", fresh.toString());
    } else {
      run("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "nodiscard", fresh.toString());
    }
    Files.move(fresh, image);
  }

  @Override
  public Path folder(String name) {
    return root.resolve(name);
  }

  @Override
  public void attach(String name) throws IOException {
    Path folder = folder(name);
    if (!mounted(folder)) {
      Files.createDirectories(folder);
      run("mount", "-o", "loop", image(name).toString(), folder.toString());
    }
  }

  @Override
  public boolean grow(String name, long bytes, boolean inUse) throws IOException {
    Path image = image(name);
    if (Files.size(image) < bytes) {
      try (var file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength(bytes);
      }
    }
    attach(name);
    String device = run("findmnt", "-no", "SOURCE", folder(name).toString()).strip();
    run("losetup", "-c", device);
    if (run("findmnt", "-no", "FSTYPE", folder(name).toString()).strip().equals("xfs")) {
      run("xfs_growfs", folder(name).toString());
      return true;
    }
    if (inUse) {
      try {
        run("resize2fs", device);
        return true;
      } catch (IOException e) {
        return false;
      }
    }
    detach(name);
    run("e2fsck", "-f", "-p", image.toString());
    run("resize2fs", image.toString());
    attach(name);
    return true;
  }

  @Override
  public void remove(String name) throws IOException {
    detach(name);
    Files.deleteIfExists(image(name));
    Files.deleteIfExists(folder(name));
  }

  @Override
  public boolean enforcesSize() {
    return true;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Path folder : mounts()) {
      try {
        run("umount", folder.toString());
      } catch (IOException e) {
        failure = e; // a shell may stand in that folder; the others are detached all the same
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void detach(String name) throws IOException {
    if (mounted(folder(name))) {
      run("umount", folder(name).toString());
    }
  }

  private boolean mounted(Path folder) throws IOException {
    return mounts().contains(folder);
  }

  private List<Path> mounts() throws IOException {
    List<Path> mounts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      Path folder = Path.of(line.split(" ")[1].replace("\\040", " "));
      if (folder.startsWith(root)) {
        mounts.add(folder);
      }
    }
    return mounts;
  }

  private Path image(String name) {
    return root.resolve(name + ".img");
  }

  private static boolean has(String program) {
    for (String folder : List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  private static String run(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(String.join(" ", command) + " was interrupted", e);
    }
    return output;
  }
}
