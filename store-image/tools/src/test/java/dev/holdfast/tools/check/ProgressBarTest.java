package dev.holdfast.tools.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  private static final long SECOND = 1_000_000_000;

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final AtomicLong now = new AtomicLong();
  private final ProgressBar bar =
      new ProgressBar(new PrintStream(shown, true, StandardCharsets.UTF_8), now::get);

  @Test
  void it_says_how_far_how_fast_and_how_long_still() {
    bar.at("a.aof", 0, 4_000_000_000L);
    now.addAndGet(SECOND);
    bar.at("a.aof", 1_000_000_000L, 4_000_000_000L);

    assertThat(shown.toString(StandardCharsets.UTF_8))
        .isEqualTo("\r\033[Ka.aof [#######.......................] 25%, 1000 MB/s, 3 s left");
  }

  @Test
  void it_is_drawn_at_most_ten_times_a_second() {
    for (int i = 0; i < 1000; i++) {
      now.addAndGet(SECOND / 1000);
      bar.at("a.aof", i, 1000);
    }

    assertThat(shown.toString(StandardCharsets.UTF_8).chars().filter(c -> c == '\r').count())
        .isEqualTo(10);
  }

  @Test
  void it_goes_before_anything_is_printed_and_never_gets_into_the_output() {
    var out = bar.guard(printed);
    now.addAndGet(SECOND);
    bar.at("a.aof", 1, 2);
    shown.reset();

    out.println("AOF a.aof is valid");
    out.println("more");

    assertThat(shown.toString(StandardCharsets.UTF_8)).isEqualTo("\r\033[K");
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("AOF a.aof is valid\nmore\n");
  }
}
