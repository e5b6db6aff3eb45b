package dev.holdfast.formats.aof;

/**
 * How much of an AOF a reader takes before it calls it damaged, and how much it keeps in memory.
 *
 * @param maxArguments of one command
 * @param maxArgumentBytes of one argument
 * @param keptBytes how many bytes of one command are kept in memory
 * @param passBy what happens to arguments that end after the kept bytes: they are checked and
 *     passed by, so that they cannot be looked at; or the command counts as damaged
 */
public record AofLimits(int maxArguments, long maxArgumentBytes, int keptBytes, boolean passBy) {
  /** For replaying: every argument can be looked at; commands of up to 2 GiB. */
  public static final AofLimits REPLAY =
      new AofLimits(1 << 28, 1L << 30, Integer.MAX_VALUE - 128, false);

  /** For checking: constant memory whatever the lengths in the file say. */
  public static final AofLimits CHECK = new AofLimits(1 << 28, 1L << 40, 64 * 1024, true);
}
