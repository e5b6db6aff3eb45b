package dev.holdfast.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the table: a figure for each contender.
 *
 * @param name what was measured
 * @param unit of the figures
 * @param moreIsBetter whether a higher figure wins, which decides the direction of the ratios
 * @param target what is asked for: the ratio to Valkey ({@code 1.6x}) or to another contender
 *     ({@code 2x redis7}), or our own figure ({@code <= 165}); empty when nothing is
 * @param results by contender, in their order
 */
record Measurement(
    String name, String unit, boolean moreIsBetter, String target, Map<String, Sample> results) {

  /** One round of a measurement on a contender. */
  interface Round {
    double measure(Contender contender) throws Exception;
  }

  /**
   * Runs the rounds interleaved: each contender once, then each once more, the order turning by one
   * every round.
   */
  static Measurement run(
      String name,
      String unit,
      boolean moreIsBetter,
      String target,
      List<Contender> contenders,
      int rounds,
      Round round)
      throws Exception {
    var values = new LinkedHashMap<String, java.util.ArrayList<Double>>();
    contenders.forEach(contender -> values.put(contender.name(), new java.util.ArrayList<>()));
    for (var i = 0; i < rounds; i++) {
      for (var j = 0; j < contenders.size(); j++) {
        var contender = contenders.get((i + j) % contenders.size());
        values.get(contender.name()).add(round.measure(contender));
      }
    }
    var results = new LinkedHashMap<String, Sample>();
    values.forEach((contender, all) -> results.put(contender, Sample.of(all)));
    return new Measurement(name, unit, moreIsBetter, target, results);
  }

  /**
   * How much better the first contender is than the other: above 1 it wins, whatever the direction.
   */
  double ratioTo(String other) {
    var own = results.values().iterator().next().median();
    var theirs = results.get(other).median();
    return moreIsBetter ? own / theirs : theirs / own;
  }

  /** Whether the target was met; empty where there is none, or nobody to compare with. */
  Optional<Boolean> met() {
    var words = target.split(" ", -1);
    if (target.startsWith("<= ")) {
      var own = results.values().iterator().next().median();
      return Optional.of(own <= Double.parseDouble(words[1]));
    }
    var other = words.length > 1 ? words[1] : "valkey";
    return target.isEmpty() || !results.containsKey(other)
        ? Optional.empty()
        : Optional.of(ratioTo(other) >= Double.parseDouble(words[0].replace("x", "")));
  }
}
