package dev.holdfast.engine.persistence;

import dev.holdfast.engine.aof.FillPolicy;
import java.util.EnumSet;
import java.util.Set;

/**
 * How often the power went, and how. Only what happened and was looked at afterwards counts: a cut
 * planned behind the last call of a start is none.
 */
final class CutCount {
  /** With any part of what was not synced. */
  long powerCuts;

  /** With each number of bytes of the last writes. */
  long tears;

  /** Again, while the server started. */
  long second;

  /** Kills of the process, which leave what the kernel has. */
  long kills;

  /** How logs with checksums were filled ahead; one without never is. */
  final Set<FillPolicy> fillAhead = EnumSet.noneOf(FillPolicy.class);

  /** Those of them under which zeros were written. */
  final Set<FillPolicy> filled = EnumSet.noneOf(FillPolicy.class);

  void add(CutCount other) {
    powerCuts += other.powerCuts;
    tears += other.tears;
    second += other.second;
    kills += other.kills;
    fillAhead.addAll(other.fillAhead);
    filled.addAll(other.filled);
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
