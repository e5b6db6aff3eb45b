package dev.holdfast.engine.storage;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The content of a simulated file: what everyone sees, and what a power cut would leave. */
final class SimFile {
  private byte[] bytes = new byte[64];
  private int size;
  private int durable;

  /**
   * Bytes that were durable before the file was cut below them; null when it was not since the last
   * sync.
   */
  private byte[] beforeCut;

  /**
   * A sync failed: the pages that were not durable then never will be, whatever later syncs say.
   */
  private boolean dropped;

  int size() {
    return size;
  }

  byte[] content() {
    return Arrays.copyOf(bytes, size);
  }

  void append(byte[] more, int length) {
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length));
    }
    System.arraycopy(more, 0, bytes, size, length);
    size += length;
  }

  void flip(int offset) {
    bytes[offset] ^= 1;
  }

  int read(int offset, byte[] target) {
    if (offset >= size) {
      return -1;
    }
    int n = Math.min(target.length, size - offset);
    System.arraycopy(bytes, offset, target, 0, n);
    return n;
  }

  void truncate(int newSize) {
    if (newSize < durable) {
      if (beforeCut == null) {
        beforeCut = Arrays.copyOf(bytes, durable);
      }
      durable = newSize;
    }
    if (newSize <= durable) {
      dropped = false;
    }
    size = newSize;
  }

  void sync() {
    if (!dropped) {
      durable = size;
      beforeCut = null;
    }
  }

  void dropUnsynced() {
    dropped = size > durable;
  }

  /** What is left when the power goes: the durable bytes, and any part of those appended since. */
  SimFile afterPowerCut(RandomGenerator random) {
    var left = new SimFile();
    if (beforeCut != null && random.nextBoolean()) {
      left.append(beforeCut, beforeCut.length);
    } else {
      int torn = dropped ? 0 : random.nextInt(size - durable + 1);
      left.append(bytes, durable + torn);
    }
    left.sync();
    return left;
  }
}
