package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.Condition;
import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What status says, as numbers for alerts; a store that is gone leaves no series behind. */
public final class StoreMetrics {

  private static final List<String> CONDITIONS =
      List.of(
          "Ready",
          "ConfigApplied",
          "AOFVerified",
          "PersistenceHealthy",
          "DiskPressure",
          "RecoveryRequired");

  private final MeterRegistry registry;
  private final Map<String, Series> stores = new ConcurrentHashMap<>();

  public StoreMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows a store's status from now on. */
  public void update(PersistentStore store, PersistentStoreStatus status) {
    stores.computeIfAbsent(store.getMetadata().getUid(), uid -> new Series(store)).status = status;
  }

  /** Shows a store no longer. */
  public void forget(String uid) {
    var series = stores.remove(uid);
    if (series != null) {
      series.meters.forEach(registry::remove);
    }
  }

  private final class Series {
    private final List<Meter> meters = new ArrayList<>();
    private volatile PersistentStoreStatus status;

    Series(PersistentStore store) {
      var tags =
          Tags.of(
              "namespace",
              store.getMetadata().getNamespace(),
              "store",
              store.getMetadata().getName());
      for (var type : CONDITIONS) {
        gauge(
            "holdfast.store.condition",
            "1 when the condition is True, 0 when it is False, -1 when it is Unknown",
            tags.and("type", type),
            s -> value(s, type));
      }
      gauge(
          "holdfast.store.aof.size.bytes",
          "size of the append-only file",
          tags,
          s -> aof(s).map(PersistentStoreStatus.AofStatus::sizeBytes).orElse(0L));
      gauge(
          "holdfast.store.aof.base.size.bytes",
          "its size after the last rewrite",
          tags,
          s -> aof(s).map(PersistentStoreStatus.AofStatus::baseSizeBytes).orElse(0L));
      gauge(
          "holdfast.store.repair.dropped.bytes",
          "what the last repair dropped",
          tags,
          s ->
              Optional.ofNullable(s.lastRepair())
                  .map(PersistentStoreStatus.RepairStatus::droppedBytes)
                  .orElse(0L));
    }

    private void gauge(
        String name, String description, Tags tags, ToDoubleFunction<PersistentStoreStatus> value) {
      meters.add(
          Gauge.builder(
                  name,
                  this,
                  series -> series.status == null ? Double.NaN : value.applyAsDouble(series.status))
              .description(description)
              .tags(tags)
              .register(registry));
    }
  }

  private static Optional<PersistentStoreStatus.AofStatus> aof(PersistentStoreStatus status) {
    return Optional.ofNullable(status.aof());
  }

  private static double value(PersistentStoreStatus status, String type) {
    return Conditions.find(status.conditions(), type)
        .map(Condition::status)
        .map(
            s ->
                switch (s) {
                  case TRUE -> 1.0;
                  case FALSE -> 0.0;
                  case UNKNOWN -> -1.0;
                })
        .orElse(-1.0);
  }
}
