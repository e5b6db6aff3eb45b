package dev.holdfast.engine.persistence;

/** How often the power went, and how. */
final class CutCount {
  /** With any part of what was not synced. */
  long powerCuts;

  /** With each number of bytes of the last writes. */
  long tears;

  /** Again, while the server started. */
  long second;

  /** Kills of the process, which leave what the kernel has. */
  long kills;

  void add(CutCount other) {
    powerCuts += other.powerCuts;
    tears += other.tears;
    second += other.second;
    kills += other.kills;
  }

  long cuts() {
    return powerCuts + tears + second;
  }

  @Override
  public String toString() {
    return "%d power cuts (%d of them tearing the last write, %d while starting) and %d kills"
        .formatted(cuts(), tears, second, kills);
  }
}
