package dev.holdfast.formats.rdb;

/**
 * How an RDB file is written.
 *
 * @param version 9 to 12; 10 is the oldest that has all that is written here, and what Redis 7.0
 *     reads
 * @param compress the directive {@code rdbcompression}: LZF for strings above 20 bytes
 * @param checksum the directive {@code rdbchecksum}: CRC64 at the end, or 0
 */
public record RdbOptions(int version, boolean compress, boolean checksum) {
  public static final RdbOptions DEFAULT = new RdbOptions(10, true, true);

  public RdbOptions {
    if (version < 9 || version > 12) {
      throw new IllegalArgumentException("RDB version 9 to 12, not " + version);
    }
  }
}
