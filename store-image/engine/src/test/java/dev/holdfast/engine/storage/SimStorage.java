package dev.holdfast.engine.storage;

import dev.holdfast.engine.memory.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that is as bad as POSIX allows: after a power cut there is what was synced, any
 * part of what was appended since, and any of the creations, renames and deletions whose directory
 * was not synced. Each call can be counted, made to fail, or be the one at which the power goes.
 */
public final class SimStorage implements Storage {
  /**
   * Looks at each call before it happens; may throw a {@link StorageException}, or {@link
   * #cutPower}.
   */
  public interface Fault {
    void before(long number, String call, Path file) throws IOException;
  }

  private record Change(
      List<Path> directories, java.util.function.Consumer<Map<Path, SimFile>> effect) {}

  private final Map<Path, SimFile> files;
  private final Map<Path, SimFile> durableNames;
  private final List<Change> pending = new ArrayList<>();
  private Fault fault = (_, _, _) -> {};
  private long calls;
  private boolean off;

  /** What writes may still take; a write that does not fit is cut short. */
  private long free = Long.MAX_VALUE;

  public SimStorage() {
    this(new TreeMap<>());
  }

  private SimStorage(Map<Path, SimFile> files) {
    this.files = files;
    this.durableNames = new TreeMap<>(files);
  }

  public void fault(Fault fault) {
    this.fault = fault;
  }

  public void free(long bytes) {
    free = bytes;
  }

  public long calls() {
    return calls;
  }

  /** From now on every call fails as in a process that is gone. */
  public PowerCut cutPower() {
    off = true;
    return new PowerCut();
  }

  /** The disk as the next process finds it after the power went. */
  public SimStorage afterPowerCut(RandomGenerator random) {
    var names = new TreeMap<>(durableNames);
    int mode = random.nextInt(4);
    int prefix = random.nextInt(pending.size() + 1);
    for (int i = 0; i < pending.size(); i++) {
      boolean survives =
          switch (mode) {
            case 0 -> false;
            case 1 -> true;
            case 2 -> i < prefix;
            default -> random.nextBoolean();
          };
      if (survives) {
        pending.get(i).effect().accept(names);
      }
    }
    var survivors = new HashMap<SimFile, SimFile>();
    names.replaceAll((_, file) -> survivors.computeIfAbsent(file, f -> f.afterPowerCut(random)));
    return new SimStorage(names);
  }

  /** The disk as the next process finds it after this one was killed. */
  public SimStorage afterKill() {
    var survivor = new SimStorage(files);
    survivor.durableNames.clear();
    survivor.durableNames.putAll(durableNames);
    survivor.pending.addAll(pending);
    off = true;
    return survivor;
  }

  /** Content of a file, for looking at it. */
  public byte[] content(Path file) {
    return files.get(file).content();
  }

  /** Puts a durable file there. */
  public void put(Path path, byte[] content) {
    var file = new SimFile();
    file.append(content, content.length);
    file.sync();
    files.put(path, file);
    durableNames.put(path, file);
  }

  public void remove(Path path) {
    files.remove(path);
    durableNames.remove(path);
  }

  public List<Path> paths() {
    return List.copyOf(files.keySet());
  }

  private void call(String call, Path file) throws IOException {
    if (off) {
      throw new PowerCut();
    }
    fault.before(calls++, call, file);
  }

  private void change(
      List<Path> directories, java.util.function.Consumer<Map<Path, SimFile>> effect) {
    effect.accept(files);
    pending.add(new Change(directories, effect));
  }

  @Override
  public StoredFile create(Path path) throws IOException {
    call("create", path);
    if (free == 0) {
      throw new StorageException("create", path, "No space left on device");
    }
    var file = files.get(path);
    if (file != null) {
      file.truncate(0);
    } else {
      var created = new SimFile();
      file = created;
      change(List.of(path.getParent()), names -> names.putIfAbsent(path, created));
    }
    return new Handle(path, file);
  }

  @Override
  public StoredFile openForAppend(Path path) throws IOException {
    call("open", path);
    return new Handle(path, existing("open", path));
  }

  @Override
  public StoredFile openForRead(Path path) throws IOException {
    return openForAppend(path);
  }

  private SimFile existing(String call, Path path) throws IOException {
    var file = files.get(path);
    if (file == null) {
      throw new StorageException(call, path, "No such file or directory");
    }
    return file;
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    call("rename", from);
    var file = existing("rename", from);
    change(
        List.of(from.getParent(), to.getParent()),
        names -> {
          names.remove(from, file);
          names.put(to, file);
        });
  }

  @Override
  public boolean delete(Path path) throws IOException {
    call("delete", path);
    var file = files.get(path);
    if (file == null) {
      return false;
    }
    change(List.of(path.getParent()), names -> names.remove(path, file));
    return true;
  }

  @Override
  public boolean exists(Path path) {
    return files.containsKey(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    call("list", directory);
    return files.keySet().stream()
        .filter(path -> path.getParent().equals(directory))
        .map(path -> path.getFileName().toString())
        .toList();
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    call("create directories", directory);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    call("sync directory", directory);
    for (var it = pending.iterator(); it.hasNext(); ) {
      var change = it.next();
      if (change.directories().contains(directory)) {
        change.effect().accept(durableNames);
        it.remove();
      }
    }
  }

  @Override
  public long freeBytes(Path directory) {
    return free;
  }

  private final class Handle implements StoredFile {
    private final Path path;
    private final SimFile file;

    Handle(Path path, SimFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public long write(long address, long length) throws IOException {
      try {
        call("write", path);
      } catch (PowerCut cut) {
        // The bytes were on their way: any part of them may have arrived, which afterPowerCut
        // decides.
        append(address, length);
        throw cut;
      }
      if (free == 0) {
        throw new StorageException("write", path, "No space left on device");
      }
      long fits = Math.min(free, length);
      append(address, fits);
      if (free != Long.MAX_VALUE) {
        free -= fits;
      }
      return fits;
    }

    private void append(long address, long length) {
      file.append(Memory.bytes(address, (int) length), (int) length);
    }

    @Override
    public long read(long offset, long address, long length) throws IOException {
      call("read", path);
      var bytes = new byte[(int) Math.min(length, 1 << 16)];
      int n = file.read((int) offset, bytes);
      if (n > 0) {
        Memory.copyFrom(bytes, 0, address, n);
      }
      return n;
    }

    @Override
    public void sync() throws IOException {
      try {
        call("sync", path);
      } catch (IOException e) {
        file.dropUnsynced();
        throw e;
      }
      file.sync();
    }

    @Override
    public void truncate(long size) throws IOException {
      call("truncate", path);
      file.truncate((int) size);
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public void close() {}
  }
}
