package dev.holdfast.engine.memory;

/**
 * Which sizes {@link Slabs} hands out: multiples of 8 up to 256 bytes (most records are there, and
 * 8 bytes are the whole waste), then eight steps per doubling, so that at most one ninth of a block
 * is unused. Above {@link Slabs#LARGEST} the same steps go on up to {@link #HUGE}, so that a value
 * that grows by appending moves rarely; from there on sizes are whole pages, which grow without
 * copying.
 */
final class SizeClasses {
  /** From this size on blocks are mappings of their own. */
  static final int HUGE = 1 << 20;

  static final int COUNT = classOf(Slabs.LARGEST) + 1;

  private static final int[] SIZES = new int[COUNT];

  static {
    for (int i = 0; i < COUNT; i++) {
      SIZES[i] = i <= 32 ? Math.max(8, i * 8) : stepped(i);
    }
  }

  private SizeClasses() {}

  /** Number of the class that a request of up to {@link Slabs#LARGEST} bytes falls into. */
  static int classOf(int bytes) {
    if (bytes <= 256) {
      return bytes == 0 ? 1 : (bytes + 7) >>> 3;
    }
    int top = 31 - Integer.numberOfLeadingZeros(bytes - 1);
    return 33 + (top - 8) * 8 + ((bytes - 1) >>> (top - 3)) - 8;
  }

  static int sizeOf(int sizeClass) {
    return SIZES[sizeClass];
  }

  /** What a request of any size takes. */
  static long roundUp(int bytes) {
    if (bytes <= Slabs.LARGEST) {
      return SIZES[classOf(bytes)];
    }
    return bytes < HUGE ? stepped(classOf(bytes)) : Pages.round(bytes);
  }

  private static int stepped(int sizeClass) {
    int step = sizeClass - 33;
    return (9 + (step & 7)) << (step / 8 + 5);
  }
}
