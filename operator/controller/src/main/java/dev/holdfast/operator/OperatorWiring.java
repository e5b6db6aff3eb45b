package dev.holdfast.operator;

import dev.holdfast.operator.redis.HealthPort;
import dev.holdfast.operator.store.StoreReconciler;
import dev.holdfast.operator.store.act.Actor;
import dev.holdfast.operator.store.act.Passwords;
import dev.holdfast.operator.store.act.ServerCommands;
import dev.holdfast.operator.store.decide.Decider;
import dev.holdfast.operator.store.observe.Observer;
import dev.holdfast.operator.store.observe.ServerAttempts;
import dev.holdfast.operator.store.observe.ServerProbe;
import dev.holdfast.operator.store.observe.StorePolls;
import dev.holdfast.operator.store.report.EventRecorder;
import dev.holdfast.operator.store.report.StatusRecorder;
import dev.holdfast.operator.store.report.StoreMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the operator from its parts: the one place that knows clocks, random numbers and threads.
 */
@Singleton
public class OperatorWiring {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorWiring.class);
  private static final String LEASE = "holdfast-operator";

  @Produces
  @Singleton
  StoreReconciler.Rooms rooms(
      KubernetesClient client, MeterRegistry registry, OperatorSettings settings) {
    var clock = Clock.systemUTC();
    var timeout = settings.poll().timeout();
    var attempts = new ServerAttempts();
    var probe = new ServerProbe(timeout, new HealthPort(timeout));
    var polls =
        new StorePolls(
            probe::look,
            settings.poll().busy(),
            settings.poll().idle(),
            RandomGenerator.getDefault());
    return new StoreReconciler.Rooms(
        new Observer(client, polls, attempts),
        new Decider(settings.storeImage()),
        new Actor(client, new ServerCommands(timeout, polls, attempts, clock), new Passwords()),
        new StatusRecorder(client),
        new EventRecorder(
            client,
            settings.instance(),
            clock,
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("events").factory())),
        new StoreMetrics(registry),
        polls,
        attempts,
        clock,
        settings.poll().busy());
  }

  /** Null when it is switched off: the framework then leads without asking. */
  @Produces
  @Dependent
  LeaderElectionConfiguration leaderElection(OperatorSettings settings, KubernetesClient client) {
    if (!settings.leaderElection().enabled()) {
      return null;
    }
    var namespace = settings.leaderElection().namespace();
    var identity = settings.instance() + "-" + ProcessHandle.current().pid();
    var guard = new LeaderGuard(client, namespace, LEASE, identity, OperatorWiring::endAtOnce);
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
        .withLeaseNamespace(namespace)
        .withIdentity(identity)
        .withLeaderCallbacks(new LeaderCallbacks(guard::leads, () -> {}, leader -> {}))
        .build();
  }

  /** Not an orderly stop: that would go on acting, and may wait for an API server. */
  private static void endAtOnce(String why) {
    LOG.error("This operator leads no longer and ends: {}", why);
    Runtime.getRuntime().halt(1);
  }
}
