package dev.holdfast.tools.check;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.rdb.RdbEntry;
import dev.holdfast.formats.rdb.RdbException;
import dev.holdfast.formats.rdb.RdbReader;
import dev.holdfast.formats.rdb.RdbTypes;
import dev.holdfast.formats.rdb.RdbVisitor;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads an RDB file and prints about it what {@code redis-check-rdb} does: offset by offset what it
 * finds, then how many keys. Values are checked and passed by, so that memory stays constant.
 */
final class RdbLines implements RdbVisitor {

  private final PrintStream out;
  private final ByteSource source;
  private final long nowMillis;
  private final Map<String, Long> byType = new TreeMap<>();
  private long keys;
  private long expires;
  private long alreadyExpired;

  private RdbLines(PrintStream out, ByteSource source, long nowMillis) {
    this.out = out;
    this.source = source;
    this.nowMillis = nowMillis;
  }

  /**
   * Reads one RDB file from where the source stands.
   *
   * @param name what to call it
   * @param nowMillis Unix time by which a key counts as expired
   * @return whether it is good
   * @throws IOException when the file cannot be read
   */
  static boolean check(ByteSource source, String name, long nowMillis, PrintStream out)
      throws IOException {
    return read(new RdbLines(out, source, nowMillis), source, name);
  }

  /** The same, and how many keys there are of each type. */
  static boolean checkWithTypes(ByteSource source, String name, long nowMillis, PrintStream out)
      throws IOException {
    var lines = new RdbLines(out, source, nowMillis);
    boolean good = read(lines, source, name);
    lines.byType.forEach(
        (type, keys) -> out.println("[type] " + keys + " keys are of type " + type));
    return good;
  }

  private static boolean read(RdbLines lines, ByteSource source, String name) throws IOException {
    lines.at(source.offset(), "Checking RDB file " + name);
    try {
      new RdbReader(source).read(lines);
      lines.at(source.offset(), "\\o/ RDB looks OK! \\o/");
      lines.totals();
      return true;
    } catch (RdbException e) {
      lines.out.println("--- RDB ERROR DETECTED ---");
      lines.at(
          e.offset(),
          e.isTruncated() ? "Unexpected EOF reading RDB file: " + e.getMessage() : e.getMessage());
      lines.totals();
      return false;
    }
  }

  @Override
  public void aux(String key, String value) {
    at(source.offset(), "AUX FIELD " + key + " = '" + value + "'");
  }

  @Override
  public void selectDb(long database) {
    at(source.offset(), "Selecting DB ID " + database);
  }

  @Override
  public boolean keepsValues() {
    return false;
  }

  @Override
  public void string(
      long keyAddress, int keyLength, long valueAddress, int valueLength, RdbEntry entry) {
    count(entry);
  }

  @Override
  public boolean unsupported(long keyAddress, int keyLength, RdbEntry entry) {
    return true;
  }

  @Override
  public void skipped(RdbEntry entry) {
    count(entry);
  }

  @Override
  public void end(Checksum checksum) {
    switch (checksum) {
      case GOOD -> at(source.offset(), "Checksum OK");
      case UNCHECKED ->
          at(source.offset(), "RDB file was saved with checksum disabled: no check performed.");
      case ABSENT -> {}
    }
  }

  private void count(RdbEntry entry) {
    keys++;
    byType.merge(RdbTypes.name(entry.type()), 1L, Long::sum);
    if (entry.expireAtMillis() >= 0) {
      expires++;
      if (entry.expireAtMillis() < nowMillis) {
        alreadyExpired++;
      }
    }
  }

  private void totals() {
    out.println("[info] " + keys + " keys read");
    out.println("[info] " + expires + " expires");
    out.println("[info] " + alreadyExpired + " already expired");
  }

  private void at(long offset, String what) {
    out.println("[offset " + offset + "] " + what);
  }
}
