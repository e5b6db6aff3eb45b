package dev.holdfast.operator.store;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.store.act.Actor;
import dev.holdfast.operator.store.decide.Decider;
import dev.holdfast.operator.store.decide.Plan;
import dev.holdfast.operator.store.decide.Problem;
import dev.holdfast.operator.store.observe.Names;
import dev.holdfast.operator.store.observe.Observer;
import dev.holdfast.operator.store.observe.ServerAttempts;
import dev.holdfast.operator.store.observe.StorePolls;
import dev.holdfast.operator.store.report.EventRecorder;
import dev.holdfast.operator.store.report.StatusRecorder;
import dev.holdfast.operator.store.report.StatusReport;
import dev.holdfast.operator.store.report.StoreMetrics;
import dev.holdfast.operator.store.report.Transitions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One look at a store after another: observe, decide, act, report. Nothing is decided here.
 *
 * <p>Status is written by {@link StatusRecorder} and never through the framework, whose filter of
 * its own writes can swallow a change of spec that arrives at the same moment; so the framework is
 * always told that there is nothing to update.
 */
@ControllerConfiguration(
    name = "persistentstore",
    fieldManager = Names.OPERATOR,
    generationAwareEventProcessing = false,
    informer =
        @Informer(onUpdateFilter = MeaningfulChange.class, comparableResourceVersions = false),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
@Singleton
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 500, maxInterval = 30_000)
public final class StoreReconciler implements Reconciler<PersistentStore> {

  private final Rooms rooms;

  /**
   * The four rooms, and what they share.
   *
   * @param clock that decisions see
   * @param busy how soon a store is looked at again while something is under way and no event comes
   */
  public record Rooms(
      Observer observer,
      Decider decider,
      Actor actor,
      StatusRecorder status,
      EventRecorder events,
      StoreMetrics metrics,
      StorePolls polls,
      ServerAttempts attempts,
      Clock clock,
      Duration busy) {}

  public StoreReconciler(Rooms rooms) {
    this.rooms = rooms;
  }

  @Override
  public List<EventSource<?, PersistentStore>> prepareEventSources(
      EventSourceContext<PersistentStore> context) {
    List<EventSource<?, PersistentStore>> sources = new ArrayList<>();
    Observer.KINDS.forEach(kind -> sources.add(watch(kind, context)));
    sources.add(watch(Pod.class, context));
    sources.add(new StorePollSource(rooms.polls(), this::forget));
    return sources;
  }

  /**
   * Belonging is told by label and not by owner, because a claim outlives its store and a pod is
   * owned by the set.
   */
  private static <T extends HasMetadata> EventSource<T, PersistentStore> watch(
      Class<T> kind, EventSourceContext<PersistentStore> context) {
    var configuration =
        InformerEventSourceConfiguration.from(kind, PersistentStore.class)
            .withLabelSelector(Names.MANAGED_BY + "=" + Names.OPERATOR)
            .withSecondaryToPrimaryMapper(
                object ->
                    Optional.ofNullable(object.getMetadata().getLabels())
                        .map(labels -> labels.get(Names.INSTANCE))
                        .map(
                            store ->
                                Set.of(new ResourceID(store, object.getMetadata().getNamespace())))
                        .orElse(Set.of()))
            .withComparableResourceVersion(false)
            .build();
    return new InformerEventSource<>(configuration, context);
  }

  @Override
  public UpdateControl<PersistentStore> reconcile(
      PersistentStore store, Context<PersistentStore> context) {
    if (store.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    var before = rooms.status().last(store);
    var seen = rooms.observer().observe(store, before, context);
    var now = rooms.clock().instant();
    var plan = rooms.decider().decide(seen, now);
    poll(store, plan);

    var refused = rooms.actor().carryOut(store, plan, notice -> rooms.events().tell(store, notice));

    var status = StatusReport.of(seen, plan, all(plan.problems(), refused), now);
    if (rooms.status().record(store, status)) {
      Transitions.between(before, status).forEach(notice -> rooms.events().tell(store, notice));
    }
    plan.notices().forEach(notice -> rooms.events().tell(store, notice));
    rooms.metrics().update(store, status);
    return plan.underWay() || !refused.isEmpty()
        ? UpdateControl.<PersistentStore>noUpdate().rescheduleAfter(rooms.busy())
        : UpdateControl.noUpdate();
  }

  private void forget(PersistentStore store) {
    var id = ResourceID.fromResource(store);
    rooms.polls().forget(id);
    rooms.attempts().forget(id);
    rooms.status().forget(store.getMetadata().getUid());
    rooms.metrics().forget(store.getMetadata().getUid());
  }

  private void poll(PersistentStore store, Plan plan) {
    var id = ResourceID.fromResource(store);
    plan.poll()
        .ifPresentOrElse(
            target -> rooms.polls().watch(id, target, plan.underWay()),
            () -> rooms.polls().forget(id));
  }

  private static List<Problem> all(List<Problem> planned, List<Problem> refused) {
    List<Problem> all = new ArrayList<>(planned);
    all.addAll(refused);
    return all;
  }
}
