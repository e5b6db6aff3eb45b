package dev.holdfast.engine.memory;

/** Signatures only for now. */
public final class Slabs {
  /** Blocks above this size come from the C library's allocator. */
  public static final int LARGEST = 32 << 10;

  public Slabs() {}

  /**
   * A block of at least {@code bytes}, uninitialised, aligned to 8; throws {@link OutOfMemoryError}
   * with bytes and total when the system refuses.
   */
  public long allocate(int bytes) {
    throw new UnsupportedOperationException();
  }

  /**
   * The block with a new size and its old content as far as it fits; stays where it is when both
   * sizes have one class.
   */
  public long reallocate(long address, int oldBytes, int newBytes) {
    throw new UnsupportedOperationException();
  }

  /**
   * Gives back a block; {@code bytes} is what was asked for. Very large blocks are given to the
   * system later, by {@link #reclaim}.
   */
  public void free(long address, int bytes) {
    throw new UnsupportedOperationException();
  }

  /** What a request really takes. */
  public static int classSize(int bytes) {
    throw new UnsupportedOperationException();
  }

  /** What callers hold, by class size, and what waits to be reclaimed. */
  public long usedBytes() {
    throw new UnsupportedOperationException();
  }

  /** What was freed but is not yet given back; part of {@link #usedBytes}. */
  public long pendingBytes() {
    throw new UnsupportedOperationException();
  }

  /** What was taken from the system. */
  public long reservedBytes() {
    throw new UnsupportedOperationException();
  }

  /** Gives the next piece of what waits back to the system; false when nothing waits. */
  public boolean reclaimStep() {
    throw new UnsupportedOperationException();
  }

  /** Gives everything back; no address is valid afterwards. */
  public void close() {
    throw new UnsupportedOperationException();
  }
}
