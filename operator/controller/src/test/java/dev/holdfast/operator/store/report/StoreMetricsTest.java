package dev.holdfast.operator.store.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.store.World;
import dev.holdfast.operator.store.observe.CheckReport;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** Names and values that alerts are written for. */
class StoreMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final StoreMetrics metrics = new StoreMetrics(registry);
  private final World world = World.with("storage: {size: 1Gi}");

  private void show() {
    world.settle();
    metrics.update(world.store, world.status.orElseThrow());
  }

  private double value(String name, String... tags) {
    return registry
        .get(name)
        .tags("namespace", "shop", "store", "sessions")
        .tags(tags)
        .gauge()
        .value();
  }

  @Test
  void aConditionIsOneZeroOrMinusOneAndFollowsStatus() {
    show();
    assertThat(value("holdfast.store.condition", "type", "Ready")).isOne();
    assertThat(value("holdfast.store.condition", "type", "DiskPressure")).isZero();

    world.serverAnswers = false;
    show();
    assertThat(value("holdfast.store.condition", "type", "Ready")).isZero();
    assertThat(value("holdfast.store.condition", "type", "DiskPressure")).isEqualTo(-1);
  }

  @Test
  void sizesAreThoseOfStatus() {
    world.info = World.info(3000, 1000, 0, false);
    show();

    assertThat(value("holdfast.store.aof.size.bytes")).isEqualTo(3000);
    assertThat(value("holdfast.store.aof.base.size.bytes")).isEqualTo(1000);
    assertThat(value("holdfast.store.repair.dropped.bytes")).isZero();
  }

  @Test
  void whatARepairDroppedIsShown() {
    CheckReport repaired = World.repaired("WithinBudget");
    world.check = repaired;
    show();

    assertThat(value("holdfast.store.repair.dropped.bytes"))
        .isEqualTo(repaired.dropped().bytes().doubleValue())
        .isPositive();
  }

  @Test
  void aStoreThatIsGoneLeavesNoSeriesBehind() {
    show();
    assertThat(registry.getMeters()).extracting(Meter::getId).hasSize(9);

    metrics.forget(world.store.getMetadata().getUid());

    assertThat(registry.getMeters()).isEmpty();
  }
}
