package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private final List<Contender> two =
      List.of(
          new Contender("holdfast", Path.of("a"), Path.of("/")),
          new Contender("valkey", Path.of("b"), Path.of("/")));

  @Test
  void roundsAreInterleavedAndTheOrderTurns() throws Exception {
    var order = new ArrayList<String>();
    Measurement.run("n", "u", true, "", two, 2, c -> order.add(c.name()) ? 1 : 0);
    assertThat(order).containsExactly("holdfast", "valkey", "valkey", "holdfast");
  }

  @Test
  void aRatioAboveOneMeansThatTheFirstIsBetterInBothDirections() throws Exception {
    var more =
        Measurement.run("n", "u", true, "", two, 1, c -> c.name().equals("holdfast") ? 3 : 2);
    var less =
        Measurement.run("n", "u", false, "", two, 1, c -> c.name().equals("holdfast") ? 2 : 3);
    assertThat(more.ratioTo("valkey")).isCloseTo(1.5, within(1e-9));
    assertThat(less.ratioTo("valkey")).isCloseTo(1.5, within(1e-9));
  }

  @Test
  void theMedianOfAnEvenNumberIsTheMiddle() {
    assertThat(Sample.of(List.of(4.0, 1.0, 3.0, 2.0)).median()).isEqualTo(2.5);
  }
}
