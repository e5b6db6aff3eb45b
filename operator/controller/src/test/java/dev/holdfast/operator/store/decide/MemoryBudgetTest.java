package dev.holdfast.operator.store.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.MemoryStatus.Source;
import dev.holdfast.operator.store.Specs;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

  private static final long MEBI = 1L << 20;

  private static MemoryBudget of(String yaml) {
    return MemoryBudget.of(Specs.withDefaults(yaml));
  }

  @Test
  void theDataGetsWhatServerAndRewriteLeave() {
    var budget = of("{storage: {size: 1Gi}, resources: {limits: {memory: 2Gi}}}");

    assertThat(budget.source()).isEqualTo(Source.Derived);
    assertThat(budget.maxmemory()).isEqualTo((2048 - 128) * MEBI * 9 / 10);
  }

  @Test
  void theSmallestLimitThatTheSchemaAcceptsLeaves32Mebibytes() {
    assertThat(of("{storage: {size: 1Gi}, resources: {limits: {memory: 192Mi}}}").maxmemory())
        .isEqualTo(32 * MEBI);
  }

  @Test
  void withoutALimitThereIsNothingToDeriveFrom() {
    var budget = of("storage: {size: 1Gi}");

    assertThat(budget.maxmemory()).isZero();
    assertThat(budget.source()).isEqualTo(Source.Unlimited);
  }

  @Test
  void theFigureThatARefusalNamesIsAccepted() {
    var refused =
        of("{storage: {size: 1Gi}, resources: {limits: {memory: 1Gi}}, config: {maxmemory: 1gb}}");
    assertThat(refused.problem().orElseThrow()).contains("1266Mi");

    assertThat(
            of("{storage: {size: 1Gi}, resources: {limits: {memory: 1266Mi}}, config: {maxmemory: 1gb}}")
                .problem())
        .isEmpty();
  }

  @Test
  void theDerivedValueFitsWhenItIsWrittenOut() {
    for (var limit : new String[] {"192Mi", "500Mi", "1Gi", "3Gi", "64Gi"}) {
      var derived =
          of("{storage: {size: 1Gi}, resources: {limits: {memory: " + limit + "}}}").maxmemory();
      assertThat(
              of("{storage: {size: 1Gi}, resources: {limits: {memory: "
                      + limit
                      + "}}, config: {maxmemory: '"
                      + derived
                      + "'}}")
                  .problem())
          .as(limit)
          .isEmpty();
    }
  }

  @Test
  void noLimitForTheDataInALimitedContainerIsRefused() {
    assertThat(
            of("{storage: {size: 1Gi}, resources: {limits: {memory: 1Gi}}, config: {maxmemory: '0'}}")
                .problem())
        .hasValueSatisfying(words -> assertThat(words).contains("leave config.maxmemory out"));
  }

  @Test
  void unitsAreThoseOfRedisConf() {
    assertThat(MemoryBudget.directive("64mb")).contains(64 * MEBI);
    assertThat(MemoryBudget.directive("64m")).contains(64_000_000L);
    assertThat(MemoryBudget.directive("1GB")).contains(1024 * MEBI);
    assertThat(MemoryBudget.directive("64Mi")).isEmpty();
    assertThat(of("{storage: {size: 1Gi}, config: {maxmemory: 64Mi}}").problem())
        .hasValueSatisfying(words -> assertThat(words).contains("mb or gb"));
  }
}
