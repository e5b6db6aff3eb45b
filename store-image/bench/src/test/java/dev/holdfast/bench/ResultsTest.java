package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static Measurement line(String target, boolean moreIsBetter, double ours, double valkey) {
    Map<String, Sample> results = new LinkedHashMap<>();
    results.put("holdfast", Sample.of(List.of(ours)));
    results.put("valkey", Sample.of(List.of(valkey)));
    return new Measurement("SET", "k ops/s", moreIsBetter, target, results);
  }

  @Test
  void aRatioAndAFigureOfOurOwnAreMetOrMissed() {
    assertThat(line("1.5x", true, 15, 10).met()).contains(true);
    assertThat(line("1.6x", true, 15, 10).met()).contains(false);
    assertThat(line("0.5x", false, 20, 10).met()).contains(true);
    assertThat(line("<= 165", false, 165, 100).met()).contains(true);
    assertThat(line("<= 64 MB", false, 65, 100).met()).contains(false);
  }

  @Test
  void withoutATargetOrTheOtherServerNothingIsSaid() {
    assertThat(line("", true, 1, 1).met()).isEmpty();
    assertThat(line("2x redis7", true, 1, 1).met()).isEmpty();
  }

  @Test
  void theJsonSaysWhatWasComparedAndHowItWent() {
    var run = new Run(Instant.EPOCH, "2 processors", 3, 0.5, List.of("holdfast: v=1", "valkey: 9"));
    assertThat(Results.json(run, List.of(line("1.6x", true, 15, 10))))
        .isEqualTo(
            """
            {"began": "1970-01-01T00:00:00Z", "machine": "2 processors", "rounds": 3, "scale": 0.5,
             "contenders": ["holdfast: v=1", "valkey: 9"],
             "lines": [
              {"name": "SET", "unit": "k ops/s", "moreIsBetter": true, "target": "1.6x", "met": false, \
            "results": {"holdfast": {"median": 15.000000, "min": 15.000000, "max": 15.000000, "rounds": [15.0]}, \
            "valkey": {"median": 10.000000, "min": 10.000000, "max": 10.000000, "rounds": [10.0], "ratio": 1.500000}}}
             ]}
            """);
  }
}
