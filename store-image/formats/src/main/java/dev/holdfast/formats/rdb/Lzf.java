package dev.holdfast.formats.rdb;

import dev.holdfast.formats.offheap.Raw;
import java.util.Arrays;

/**
 * LZF, the compression of strings in RDB files, on native memory.
 *
 * <p>A control byte below 32 is followed by that many plus one literal bytes. Otherwise its upper
 * three bits are the length of a copy minus two (7: one more byte is added), its lower five bits
 * and the next byte are the distance minus one.
 *
 * <p>An instance holds the table of recent positions that compressing needs, so it belongs to one
 * thread. Decompressing needs no state.
 */
public final class Lzf {
  private static final int HASH_BITS = 14;
  private static final int MAX_LITERALS = 32;
  private static final int MAX_DISTANCE = 1 << 13;
  private static final int MAX_COPY = 264;

  /**
   * Positions by hash, plus {@link #epoch}: what is below the epoch is left from an earlier string
   * and counts as none.
   */
  private final int[] recent = new int[1 << HASH_BITS];

  private int epoch = 1;

  /**
   * Compresses into at most {@code capacity} bytes.
   *
   * @return the compressed length, or 0 when it does not fit
   */
  public int compress(long source, int length, long target, int capacity) {
    if (length < 4 || capacity < 4) {
      return 0;
    }
    int base = nextEpoch(length);
    int in = 0;
    int literalStart = 0;
    int out = 0;
    int lastMatchStart = length - 3;
    while (in <= lastMatchStart) {
      int slot = hash(source + in);
      int candidate = recent[slot] - base;
      recent[slot] = base + in;
      if (candidate < 0
          || in - candidate > MAX_DISTANCE
          || !sameThree(source + candidate, source + in)) {
        in++;
        continue;
      }
      int copied = copyLength(source, candidate, in, length);
      int literals = in - literalStart;
      if (out + literals + literals / MAX_LITERALS + 1 + 3 > capacity) {
        return 0;
      }
      out = putLiterals(source + literalStart, literals, target, out);
      out = putCopy(copied - 2, in - candidate - 1, target, out);
      int next = in + copied;
      // One position inside the copy is remembered too: cheap, and it finds most repeats.
      if (next - 1 <= lastMatchStart) {
        recent[hash(source + next - 1)] = base + next - 1;
      }
      in = next;
      literalStart = in;
    }
    int literals = length - literalStart;
    if (out + literals + (literals + MAX_LITERALS - 1) / MAX_LITERALS > capacity) {
      return 0;
    }
    return putLiterals(source + literalStart, literals, target, out);
  }

  /**
   * Sets the table to empty without touching it, which would cost more than compressing a short
   * string.
   */
  private int nextEpoch(int length) {
    if (epoch > Integer.MAX_VALUE - length) {
      Arrays.fill(recent, 0);
      epoch = 1;
    }
    int base = epoch;
    epoch += length;
    return base;
  }

  /**
   * Decompresses exactly {@code targetLength} bytes.
   *
   * @return false when the compressed bytes are not well-formed or make another length; nothing
   *     outside of the target is written
   */
  public static boolean decompress(long source, int length, long target, int targetLength) {
    int in = 0;
    int out = 0;
    while (in < length) {
      int control = Raw.unsigned(source + in++);
      if (control < MAX_LITERALS) {
        int literals = control + 1;
        if (literals > length - in || literals > targetLength - out) {
          return false;
        }
        Raw.copy(source + in, target + out, literals);
        in += literals;
        out += literals;
        continue;
      }
      int copied = (control >>> 5) + 2;
      if (copied == 9) {
        if (in == length) {
          return false;
        }
        copied += Raw.unsigned(source + in++);
      }
      if (in == length) {
        return false;
      }
      int distance = ((control & 31) << 8 | Raw.unsigned(source + in++)) + 1;
      if (distance > out || copied > targetLength - out) {
        return false;
      }
      copyBack(target + out, distance, copied);
      out += copied;
    }
    return out == targetLength;
  }

  /** A copy may read what it has just written, so it goes in steps no larger than the distance. */
  private static void copyBack(long target, int distance, int length) {
    if (distance >= length) {
      Raw.copy(target - distance, target, length);
      return;
    }
    for (int i = 0; i < length; i++) {
      Raw.putByte(target + i, Raw.getByte(target + i - distance));
    }
  }

  private static int hash(long address) {
    int three =
        Raw.unsigned(address) | Raw.unsigned(address + 1) << 8 | Raw.unsigned(address + 2) << 16;
    return three * 0x9E3779B1 >>> 32 - HASH_BITS;
  }

  private static boolean sameThree(long a, long b) {
    return Raw.getShort(a) == Raw.getShort(b) && Raw.getByte(a + 2) == Raw.getByte(b + 2);
  }

  private static int copyLength(long source, int candidate, int in, int length) {
    int max = Math.min(length - in, MAX_COPY);
    int same = 3;
    while (same < max
        && Raw.getByte(source + candidate + same) == Raw.getByte(source + in + same)) {
      same++;
    }
    return same;
  }

  private static int putLiterals(long from, int count, long target, int at) {
    int out = at;
    for (int done = 0; done < count; ) {
      int run = Math.min(MAX_LITERALS, count - done);
      Raw.putByte(target + out++, (byte) (run - 1));
      Raw.copy(from + done, target + out, run);
      out += run;
      done += run;
    }
    return out;
  }

  private static int putCopy(int code, int distance, long target, int at) {
    int out = at;
    if (code < 7) {
      Raw.putByte(target + out++, (byte) (code << 5 | distance >>> 8));
    } else {
      Raw.putByte(target + out++, (byte) (7 << 5 | distance >>> 8));
      Raw.putByte(target + out++, (byte) (code - 7));
    }
    Raw.putByte(target + out++, (byte) distance);
    return out;
  }
}
