package dev.holdfast.formats.aof;

/**
 * Why a reader could not go on.
 *
 * @param zeros only zero bytes follow from {@code offset} to the end of the input: a file that was
 *     filled ahead, or whose length survived a power cut and whose content did not
 * @param offset of the byte that is wrong, or of the end of the input
 */
public record Problem(boolean zeros, long offset, String expected, String found) {
  public String message() {
    return "expected %s at offset %d, found %s".formatted(expected, offset, found);
  }

  static String name(int unsignedByte) {
    return unsignedByte > ' ' && unsignedByte < 127
        ? "0x%02x ('%c')".formatted(unsignedByte, unsignedByte)
        : "0x%02x".formatted(unsignedByte);
  }
}
