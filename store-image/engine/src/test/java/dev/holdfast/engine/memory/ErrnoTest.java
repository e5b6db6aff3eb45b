package dev.holdfast.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrnoTest {
  @Test
  void a_full_disk_has_the_words_that_people_know() {
    assertThat(Errno.text(28)).isEqualTo("No space left on device");
  }
}
