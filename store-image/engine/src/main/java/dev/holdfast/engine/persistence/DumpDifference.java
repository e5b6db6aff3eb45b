package dev.holdfast.engine.persistence;

/**
 * How the data of a {@link NewerDump} differs from what the append-only file holds. Keys whose time
 * is over count on neither side.
 *
 * @param onlyInDump keys that the AOF does not have
 * @param changed keys with another value, or another expiry
 * @param onlyInLog keys that the dump does not have
 * @param example one of the keys, printable and cut short; empty when all are only in the AOF
 */
public record DumpDifference(
    NewerDump dump, long onlyInDump, long changed, long onlyInLog, String example) {

  /** Both states and their times, in words. */
  public String words() {
    return "%s was begun at %s, after the append only file was last written at %s, and holds other data: %d keys are only in the dump, %d differ, %d are only in the append only file%s"
        .formatted(
            dump.file().getFileName(),
            dump.begun(),
            dump.logWritten(),
            onlyInDump,
            changed,
            onlyInLog,
            example.isEmpty() ? "" : ", for example '" + example + "'");
  }
}
