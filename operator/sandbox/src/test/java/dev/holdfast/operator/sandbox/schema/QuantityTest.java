package dev.holdfast.operator.sandbox.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "10Gi,10737418240",
    "1k,1000",
    "1e3,1000",
    "1500m,2",
    "0.5Ki,512",
    "7,7",
    "2E,2000000000000000000"
  })
  void unitsAreBinaryOrDecimal(String text, long bytes) {
    assertThat(Quantity.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"1Gb", "big", "1 Gi", "--1", "''"})
  void whatIsNoQuantityIsRefused(String text) {
    assertThat(Quantity.isQuantity(text)).isFalse();
    assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void equalAmountsAreEqualHoweverWritten() {
    assertThat(Quantity.parse("1Gi").compareTo(Quantity.parse("1024Mi"))).isZero();
    assertThat(Quantity.parse("1Gi").compareTo(Quantity.parse("1G"))).isPositive();
  }
}
