package dev.holdfast.engine.storage;

import dev.holdfast.engine.memory.Memory;
import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/**
 * The content of a simulated file: what everyone sees (the cache), what is on the disk, and which
 * pages differ because they were not synced. Pages are small, so that little data has many.
 */
final class SimFile {
  private static final int PAGE = 64;

  private byte[] cache = new byte[PAGE];
  private int size;
  private byte[] disk = new byte[0];
  private final BitSet dirty = new BitSet();

  /** Pages that a sync failed to bring to the disk: the cache calls them clean ever since. */
  private final BitSet dropped = new BitSet();

  /** The smallest size that a truncation gave since the last sync; -1: there was none. */
  private int cut = -1;

  SimFile() {}

  private SimFile(byte[] content) {
    cache = content.length == 0 ? new byte[PAGE] : content;
    size = content.length;
    disk = content.clone();
  }

  SimFile copy() {
    var copy = new SimFile();
    copy.cache = cache.clone();
    copy.size = size;
    copy.disk = disk.clone();
    copy.dirty.or(dirty);
    copy.dropped.or(dropped);
    copy.cut = cut;
    return copy;
  }

  int size() {
    return size;
  }

  byte[] content() {
    return Arrays.copyOf(cache, size);
  }

  void write(int at, byte[] bytes, int length) {
    int end = at + length;
    if (end > cache.length) {
      cache = Arrays.copyOf(cache, Math.max(cache.length * 2, end));
    }
    System.arraycopy(bytes, 0, cache, at, length);
    touched(at, end);
    size = Math.max(size, end);
  }

  void flip(int offset) {
    cache[offset] ^= 1;
  }

  private void touched(int from, int to) {
    if (to > from) {
      dirty.set(from / PAGE, (to - 1) / PAGE + 1);
    }
  }

  int read(int offset, long target, int length) {
    if (offset >= size) {
      return -1;
    }
    int n = Math.min(length, size - offset);
    Memory.copyFrom(cache, offset, target, n);
    return n;
  }

  void truncate(int newSize) {
    if (newSize >= size) {
      return;
    }
    Arrays.fill(cache, newSize, size, (byte) 0);
    if (newSize < disk.length) {
      touched(newSize, Math.min(size, disk.length));
    }
    cut = cut < 0 ? newSize : Math.min(cut, newSize);
    size = newSize;
  }

  void sync() {
    var synced = Arrays.copyOf(disk, size);
    dirty.stream().forEach(page -> copyPage(page, synced, size));
    disk = synced;
    dirty.clear();
    cut = -1;
  }

  private void copyPage(int page, byte[] to, int upTo) {
    int from = page * PAGE;
    int length = Math.min(PAGE, upTo - from);
    if (length > 0) {
      int present = Math.max(0, Math.min(length, cache.length - from));
      System.arraycopy(cache, from, to, from, present);
    }
  }

  /** A sync failed: whatever later syncs say, its pages are on the disk only by chance. */
  void failSync() {
    dropped.or(dirty);
    dirty.clear();
  }

  /**
   * How many bytes there are from the first to the last that was written and never synced: what a
   * power cut may tear anywhere.
   */
  int unsynced() {
    if (cut >= 0 || !dropped.isEmpty()) {
      return 0;
    }
    int last = size;
    while (last > 0 && last <= disk.length && cache[last - 1] == disk[last - 1]) {
      last--;
    }
    return Math.max(0, last - firstUnsynced());
  }

  private int firstUnsynced() {
    int both = Math.min(size, disk.length);
    int first = Arrays.mismatch(cache, 0, both, disk, 0, both);
    return first < 0 ? both : first;
  }

  /** What begins the file after any power cut. */
  byte[] lasting() {
    return Arrays.copyOf(cache, firstUnsynced());
  }

  boolean isDurable() {
    return dirty.isEmpty() && dropped.isEmpty() && cut < 0 && disk.length == size;
  }

  /** What is left when the power goes and so many of the {@link #unsynced} bytes arrived. */
  SimFile afterTear(int bytes) {
    if (bytes > unsynced()) {
      return new SimFile(disk.clone());
    }
    int end = firstUnsynced() + bytes;
    var content = Arrays.copyOf(disk, Math.max(disk.length, end));
    System.arraycopy(cache, end - bytes, content, end - bytes, bytes);
    return new SimFile(content);
  }

  /**
   * What is left when the power goes: any subset of the pages that were not synced, in a file of
   * any size that it had since.
   */
  SimFile afterPowerCut(RandomGenerator random) {
    if (isDurable()) {
      return new SimFile(disk.clone());
    }
    boolean truncated = cut >= 0 && random.nextBoolean();
    int least = truncated ? cut : disk.length;
    int most = cut >= 0 && !truncated ? disk.length : size;
    int left = between(random, least, most);
    var content = Arrays.copyOf(disk, left);
    if (truncated && cut < disk.length) {
      Arrays.fill(content, Math.min(left, cut), Math.min(left, disk.length), (byte) 0);
    }
    boolean all = random.nextInt(3) == 0;
    for (int page = 0; page * PAGE < left; page++) {
      if (dirty.get(page) && (all || random.nextBoolean())
          || dropped.get(page) && random.nextBoolean()) {
        copyPage(page, content, left);
      }
    }
    return new SimFile(content);
  }

  /** As {@link #afterPowerCut}, of a disk that writes the pages of a file one after the other. */
  SimFile afterPowerCutInOrder(RandomGenerator random) {
    if (isDurable() || cut >= 0 && random.nextBoolean()) {
      return new SimFile(disk.clone());
    }
    var content = Arrays.copyOf(cache, between(random, cut < 0 ? disk.length : cut, size));
    boolean complete = dropped.stream().allMatch(_ -> random.nextBoolean());
    return new SimFile(complete ? content : disk.clone());
  }

  private static int between(RandomGenerator random, int least, int most) {
    return least + (most > least ? random.nextInt(most - least + 1) : 0);
  }
}
