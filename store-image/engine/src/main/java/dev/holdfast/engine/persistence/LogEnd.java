package dev.holdfast.engine.persistence;

import dev.holdfast.formats.aof.GroupReader;
import dev.holdfast.formats.aof.Item;
import dev.holdfast.formats.aof.Mark;
import dev.holdfast.formats.aof.Problem;
import dev.holdfast.formats.check.LogDamage;

/**
 * How a file of the log ends, and what its lines say; {@code docs/log-format.md}.
 *
 * @param item END, TRUNCATED or CORRUPT
 * @param problem null at a good end
 * @param good up to where the file counts
 * @param lines whether the file has a line of ours
 * @param lineEnd end of the last right line
 * @param crc of that line
 * @param lastMark null when there is none
 * @param start logical offset at which the file begins; -1: unknown
 * @param offset logical offset at {@code good}; -1: unknown
 * @param durable largest logical offset that a line promised; -1: none did
 * @param effects bytes of effects up to {@code good}
 * @param before what to look behind damage with
 */
record LogEnd(
    Item item,
    Problem problem,
    long good,
    boolean lines,
    long lineEnd,
    int crc,
    Mark lastMark,
    long start,
    long offset,
    long durable,
    long effects,
    LogDamage.Before before) {
  static LogEnd of(Item item, GroupReader reader) {
    return new LogEnd(
        item,
        reader.problem(),
        reader.lastGoodOffset(),
        reader.hasLines(),
        reader.lineEnd(),
        reader.crc(),
        reader.lastMark(),
        reader.startOffset(),
        reader.offset(),
        reader.durable(),
        reader.effects(),
        LogDamage.Before.of(reader));
  }

  /** Whether everything behind {@link #good} is zeros, as a file has that was filled ahead. */
  boolean zerosFollow() {
    return item == Item.CORRUPT && problem.zeros();
  }
}
