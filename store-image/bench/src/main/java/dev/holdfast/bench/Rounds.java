package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several figures from each session with a server, over interleaved rounds: each contender once,
 * then each once more, the order turning by one every round.
 */
final class Rounds {
  private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

  /** One session with a contender: figures by name. */
  interface Session {
    Map<String, Double> measure(Contender contender) throws Exception;
  }

  static Rounds run(List<Contender> contenders, int rounds, Session session) throws Exception {
    var all = new Rounds();
    for (var i = 0; i < rounds; i++) {
      for (var j = 0; j < contenders.size(); j++) {
        var contender = contenders.get((i + j) % contenders.size());
        session.measure(contender).forEach((name, figure) -> all.add(name, contender, figure));
      }
    }
    return all;
  }

  private void add(String name, Contender contender, double figure) {
    figures
        .computeIfAbsent(name, n -> new LinkedHashMap<>())
        .computeIfAbsent(contender.name(), n -> new ArrayList<>())
        .add(figure);
  }

  /** The line of the table that one of the figures gives. */
  Measurement line(
      String figure,
      String name,
      String unit,
      boolean moreIsBetter,
      String target,
      List<Contender> contenders) {
    var results = new LinkedHashMap<String, Sample>();
    for (var contender : contenders) {
      results.put(contender.name(), Sample.of(figures.get(figure).get(contender.name())));
    }
    return new Measurement(name, unit, moreIsBetter, target, results);
  }
}
