package dev.holdfast.bench;

/**
 * One line on standard error for each thing that begins; standard output carries only the table.
 */
final class Progress {
  private static final long BEGAN = System.nanoTime();

  private Progress() {}

  static void say(String what) {
    System.err.printf("%4d s  %s%n", (System.nanoTime() - BEGAN) / 1_000_000_000L, what);
  }
}
