package dev.holdfast.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteSizeTest {

  @Test
  void unitsAreThoseOfKubernetesAndNotOfRedisConf() {
    assertThat(ByteSize.parse("64Mi")).isEqualTo(64L << 20);
    assertThat(ByteSize.parse("64M")).isEqualTo(64_000_000L);
    assertThat(ByteSize.parse("0")).isZero();
    assertThat(ByteSize.parse("107374182400")).isEqualTo(100L << 30);
  }

  @Test
  void everySizeThatTheSchemaAcceptsFitsALong() {
    assertThat("999999Ti").matches(ByteSize.PATTERN);
    assertThat(ByteSize.parse("999999Ti")).isPositive();
  }

  @Test
  void whatIsNoSizeIsRefusedWithAnExampleOfOne() {
    for (var wrong : new String[] {"", "1.5Gi", "-1", "64mb", "1 Gi", "Gi"}) {
      assertThat(wrong).doesNotMatch(ByteSize.PATTERN_OR_ZERO);
      assertThatThrownBy(() -> ByteSize.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("such as 64Mi");
    }
  }

  @Test
  void sizesForPeopleHaveThreeDigits() {
    assertThat(ByteSize.print(88)).isEqualTo("88B");
    assertThat(ByteSize.print(1536)).isEqualTo("1.50Ki");
    assertThat(ByteSize.print(64L << 20)).isEqualTo("64.0Mi");
    assertThat(ByteSize.print(700L << 30)).isEqualTo("700Gi");
  }
}
