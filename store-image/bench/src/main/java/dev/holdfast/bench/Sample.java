package dev.holdfast.bench;

import java.util.Arrays;
import java.util.List;

/**
 * What the rounds of one measurement gave.
 *
 * @param median the middle value
 * @param min the smallest
 * @param max the largest
 * @param rounds every value, in the order of the rounds
 */
record Sample(double median, double min, double max, List<Double> rounds) {

  static Sample of(List<Double> rounds) {
    var sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    var middle = sorted.length / 2;
    var median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Sample(
        median, sorted[0], Arrays.stream(sorted).max().orElseThrow(), List.copyOf(rounds));
  }

  /** Half of the distance between the extremes, as a share of the median. */
  double spread() {
    return median == 0 ? 0 : (max - min) / 2 / median;
  }
}
