package dev.holdfast.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
  private final long room = NativeHeap.allocate(64);

  @Property
  void what_is_formatted_is_what_Long_prints_and_parses_back(@ForAll long value) {
    check(value);
  }

  @Test
  void so_it_is_at_each_power_of_ten_and_at_the_ends() {
    check(Long.MIN_VALUE);
    check(Long.MAX_VALUE);
    check(Numbers.INVALID);
    check(0);
    for (long power = 1; power < Long.MAX_VALUE / 10; power *= 10) {
      for (long value : new long[] {power - 1, power, power + 1}) {
        check(value);
        check(-value);
      }
    }
  }

  @Property(tries = 5_000)
  void text_is_accepted_exactly_when_it_is_the_shortest_form_of_a_long(
      @ForAll("nearlyNumbers") String text) {
    int length = write(text);
    boolean canonical;
    try {
      canonical = Long.toString(Long.parseLong(text)).equals(text);
    } catch (NumberFormatException e) {
      canonical = false;
    }
    assertThat(Numbers.isLong(room, length)).as(text).isEqualTo(canonical);
    if (canonical) {
      assertThat(Numbers.parse(room, length)).isEqualTo(Long.parseLong(text));
    }
  }

  @Provide
  Arbitrary<String> nearlyNumbers() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("0123456789-+ ").ofMaxLength(22),
        Arbitraries.strings().withChars("89").ofMinLength(17).ofMaxLength(20),
        Arbitraries.strings().withChars("89").ofMinLength(17).ofMaxLength(20).map(s -> "-" + s),
        Arbitraries.longs().map(String::valueOf));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "-0",
        "00",
        "01",
        "-01",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "0x10",
        "9223372036854775808",
        "-9223372036854775809",
        "9999999999999999999",
        "-9999999999999999999",
        "92233720368547758070",
        "18446744073709551616"
      })
  void other_forms_are_refused(String text) {
    int length = write(text);
    assertThat(Numbers.isLong(room, length)).isFalse();
    assertThat(Numbers.parse(room, length)).isEqualTo(Numbers.INVALID);
  }

  private void check(long value) {
    String text = Long.toString(value);
    int length = Numbers.format(value, room);
    assertThat(Memory.ascii(room, length)).isEqualTo(text);
    assertThat(Numbers.length(value)).isEqualTo(text.length());
    assertThat(Numbers.parse(room, length)).isEqualTo(value);
    assertThat(Numbers.isLong(room, length)).isTrue();
  }

  private int write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    Memory.copyFrom(bytes, 0, room, bytes.length);
    return bytes.length;
  }
}
