package dev.holdfast.engine.storage;

import dev.holdfast.engine.memory.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that is as bad as POSIX allows: after a power cut there is what was synced, any
 * part of what was written since, and any of the creations, renames and deletions whose directory
 * was not synced. A sync that failed dropped its pages, and the next one succeeds all the same.
 * Each call can be counted, made to fail or slow, or be the one at which the power goes; and at
 * each call one can look at any number of disks that a power cut at this moment may leave.
 */
public final class SimStorage implements Storage {
  /**
   * Looks at each call before it happens; may throw a {@link StorageException}, or {@link
   * #cutPower}.
   */
  public interface Fault {
    void before(long number, String call, Path file) throws IOException;
  }

  /** A change of names in the directory {@code file} is in, that is not durable yet. */
  private record Change(Path from, Path to, SimFile file) {
    /** Only the directory where the new name is brings a rename to the disk. */
    Path directory() {
      return (to != null ? to : from).getParent();
    }

    void apply(Map<Path, SimFile> names) {
      if (from != null) {
        names.remove(from, file);
      }
      if (to != null && from == null) {
        names.putIfAbsent(to, file);
      } else if (to != null) {
        names.put(to, file);
      }
    }
  }

  private final Map<Path, SimFile> files;
  private final Map<Path, SimFile> durableNames;
  private final List<Change> pending = new ArrayList<>();
  private Fault fault = (_, _, _) -> {};
  private long calls;
  private boolean off;

  /** What writes may still take; a write that does not fit is cut short. */
  private long free = Long.MAX_VALUE;

  private boolean anyOrder;

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

  /** Pages of one file reach the disk in any order, so that a power cut may leave holes. */
  public SimStorage writesPagesInAnyOrder(boolean any) {
    anyOrder = any;
    return this;
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

  /** The disk as the next process may find it if the power went now. This one goes on. */
  public SimStorage afterPowerCut(RandomGenerator random) {
    return after(
        random, file -> anyOrder ? file.afterPowerCut(random) : file.afterPowerCutInOrder(random));
  }

  /** How many bytes a power cut may tear, from the first that was not synced to the last. */
  public int unsynced(Path path) {
    return files.get(path).unsynced();
  }

  /** As {@link #afterPowerCut}, with so many of the unsynced bytes of that file. */
  public SimStorage afterTear(RandomGenerator random, Path path, int bytes) {
    var torn = files.get(path);
    return after(
        random, file -> file == torn ? file.afterTear(bytes) : file.afterPowerCutInOrder(random));
  }

  private SimStorage after(RandomGenerator random, UnaryOperator<SimFile> content) {
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
        pending.get(i).apply(names);
      }
    }
    var survivors = new IdentityHashMap<SimFile, SimFile>();
    names.replaceAll((_, file) -> survivors.computeIfAbsent(file, content));
    return new SimStorage(names).writesPagesInAnyOrder(anyOrder);
  }

  /** The disk as the next process finds it if this one is killed now. This one goes on. */
  public SimStorage afterKill() {
    var copies = new IdentityHashMap<SimFile, SimFile>();
    var names = new TreeMap<>(files);
    names.replaceAll((_, file) -> copies.computeIfAbsent(file, SimFile::copy));
    var survivor = new SimStorage(names).writesPagesInAnyOrder(anyOrder);
    survivor.durableNames.clear();
    durableNames.forEach(
        (path, file) ->
            survivor.durableNames.put(path, copies.computeIfAbsent(file, SimFile::copy)));
    for (var change : pending) {
      survivor.pending.add(
          new Change(
              change.from(), change.to(), copies.computeIfAbsent(change.file(), SimFile::copy)));
    }
    return survivor;
  }

  /** Content of a file, for looking at it. */
  public byte[] content(Path file) {
    return files.get(file).content();
  }

  /** What begins the file of that name after any power cut; null when there need not be one. */
  public byte[] lasting(Path path) {
    var file = durableNames.get(path);
    return file == null ? null : file.lasting();
  }

  /** Puts a durable file there. */
  public void put(Path path, byte[] content) {
    var file = new SimFile();
    file.write(0, content, content.length);
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

  private void change(Path from, Path to, SimFile file) {
    var change = new Change(from, to, file);
    change.apply(files);
    pending.add(change);
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
      file = new SimFile();
      change(null, path, file);
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
    change(from, to, existing("rename", from));
  }

  @Override
  public boolean delete(Path path) throws IOException {
    call("delete", path);
    var file = files.get(path);
    if (file == null) {
      return false;
    }
    change(path, null, file);
    if (free != Long.MAX_VALUE) {
      free += file.size();
    }
    return true;
  }

  /** Its clock stands still, so it has none. */
  @Override
  public Optional<FileTimes> times(Path file) {
    return Optional.empty();
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
    var durable = pending.stream().filter(c -> c.directory().equals(directory)).toList();
    pending.removeAll(durable);
    for (var change : durable) {
      change.apply(durableNames);
      // A file that came from another directory is not in that one any more.
      pending.removeIf(
          c -> c.file() == change.file() && c.to() != null && c.to().equals(change.from()));
    }
  }

  @Override
  public void allocate(Path path, long bytes) throws IOException {
    call("allocate", path);
    if (free < bytes) {
      throw new StorageException("allocate", path, "No space left on device");
    }
    put(path, new byte[(int) bytes]);
    if (free != Long.MAX_VALUE) {
      free -= bytes;
    }
  }

  @Override
  public long freeBytes(Path directory) {
    return free;
  }

  private final class Handle implements StoredFile {
    private final Path path;
    private final SimFile file;
    private int end;

    Handle(Path path, SimFile file) {
      this.path = path;
      this.file = file;
      this.end = file.size();
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
      long there = Math.min(length, file.size() - end);
      long fits = there + Math.min(free, length - there);
      if (fits == 0) {
        throw new StorageException("write", path, "No space left on device");
      }
      append(address, fits);
      if (free != Long.MAX_VALUE) {
        free -= fits - there;
      }
      return fits;
    }

    private void append(long address, long length) {
      file.write(end, Memory.bytes(address, (int) length), (int) length);
      end += (int) length;
    }

    @Override
    public void fill(long offset, long length) throws IOException {
      var zeros = new byte[(int) length];
      try {
        call("fill", path);
      } catch (PowerCut cut) {
        file.write((int) offset, zeros, zeros.length);
        throw cut;
      }
      long grows = Math.max(0, offset + length - file.size());
      int fits = (int) (length - Math.max(0, grows - free));
      file.write((int) offset, zeros, Math.max(0, fits));
      if (free != Long.MAX_VALUE) {
        free -= Math.min(free, grows);
      }
      if (fits < length) {
        throw new StorageException("fill", path, "No space left on device");
      }
    }

    @Override
    public long read(long offset, long address, long length) throws IOException {
      call("read", path);
      return file.read((int) offset, address, (int) Math.min(length, 1 << 16));
    }

    @Override
    public void sync() throws IOException {
      try {
        call("sync", path);
      } catch (IOException e) {
        file.failSync();
        throw e;
      }
      file.sync();
    }

    @Override
    public void truncate(long size) throws IOException {
      call("truncate", path);
      file.truncate((int) size);
      end = (int) size;
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public void close() {}
  }
}
