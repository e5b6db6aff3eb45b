package dev.holdfast.operator.store;

import dev.holdfast.operator.api.v1alpha1.Condition;
import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.store.decide.Decider;
import dev.holdfast.operator.store.decide.Notice;
import dev.holdfast.operator.store.decide.Plan;
import dev.holdfast.operator.store.decide.Problem;
import dev.holdfast.operator.store.decide.Step;
import dev.holdfast.operator.store.observe.CheckReport;
import dev.holdfast.operator.store.observe.Names;
import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.ServerAttempts;
import dev.holdfast.operator.store.observe.ServerFacts;
import dev.holdfast.operator.store.observe.ServerInfo;
import dev.holdfast.operator.store.report.StatusReport;
import dev.holdfast.operator.store.report.Transitions;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A cluster with one store in it, in memory and with a clock that a test turns: as much of it as
 * decisions can see. The set makes the pod, the pod's server takes its settings from the file when
 * it starts and from {@code CONFIG SET} later, and refuses what a test tells it to refuse.
 */
public final class World {

  public static final String NEWEST_IMAGE = "holdfast/store:1.0";

  public final List<Notice> told = new ArrayList<>();
  public final List<Step> taken = new ArrayList<>();
  public final Map<String, HasMetadata> objects = new TreeMap<>();
  public final Map<String, String> refuses = new HashMap<>();
  public final Map<String, String> live = new HashMap<>();
  public PersistentStore store;
  public Optional<PersistentStoreStatus> status = Optional.empty();
  public Optional<Pod> pod = Optional.empty();
  public CheckReport check = clean();
  public ServerInfo info = info(0, 0, 0, false);
  public Optional<String> refusal = Optional.empty();
  public boolean serverAnswers = true;
  public boolean fileArrives = true;

  /** Each operator takes one step at most, and ends before it can report. */
  public boolean operatorEndsBeforeEveryStep;

  /** What somebody's webhook makes of each object that is applied. */
  public Consumer<HasMetadata> webhook = object -> {};

  public Instant now = Instant.parse("2026-11-22T14:00:00Z");

  private final Map<String, ServerAttempts.Attempt> attempts = new HashMap<>();
  private String fileInPod = "";
  private int pods;
  private int secrets;
  private int generation;
  private Decider decider = new Decider(NEWEST_IMAGE);

  /** A world in which a store was just created. */
  public static World with(String spec) {
    var world = new World();
    world.create("5e55105e-0000-4000-8000-000000000001", spec);
    return world;
  }

  /** Creates the store, as the API server hands it out: with defaults. */
  public void create(String uid, String spec) {
    store = new PersistentStore();
    store.getMetadata().setName("sessions");
    store.getMetadata().setNamespace("shop");
    store.getMetadata().setUid(uid);
    status = Optional.empty();
    spec(spec);
  }

  /** Changes spec. */
  public void spec(String yaml) {
    store.setSpec(Specs.withDefaults(yaml));
    store.getMetadata().setGeneration((long) ++generation);
  }

  public void annotate(String key, String value) {
    Map<String, String> annotations =
        new HashMap<>(Optional.ofNullable(store.getMetadata().getAnnotations()).orElse(Map.of()));
    if (value == null) {
      annotations.remove(key);
    } else {
      annotations.put(key, value);
    }
    store.getMetadata().setAnnotations(annotations);
  }

  /** A newer operator takes over: another default image, nothing in memory. */
  public void newOperator(String defaultImage) {
    decider = new Decider(defaultImage);
    attempts.clear();
  }

  /** Deletes the store: what it owns goes, claims that it does not own stay. */
  public void deleteStore() {
    objects.values().removeIf(object -> !object.getMetadata().getOwnerReferences().isEmpty());
    pod = Optional.empty();
  }

  public Observation look() {
    return new Observation(store, status, List.copyOf(objects.values()), pod, facts(), attempts);
  }

  public Plan plan() {
    return decider.decide(look(), now);
  }

  /** One look: decide, act, report. */
  public Plan reconcile() {
    controllers();
    if (operatorEndsBeforeEveryStep) {
      takeEachStepWithAnOperatorOfItsOwn();
    }
    var seen = look();
    var plan = decider.decide(seen, now);
    for (var step : plan.steps()) {
      takeNoted(step);
    }
    told.addAll(plan.notices());
    report(seen, plan, plan.problems());
    now = now.plusSeconds(1);
    return plan;
  }

  /** The operator acts, and ends before it can report. */
  public void actAndEnd() {
    controllers();
    plan().steps().forEach(this::takeNoted);
  }

  /**
   * Up to a rewrite, and not before status tells of it: it would be started again, which is a story
   * of its own.
   */
  private void takeEachStepWithAnOperatorOfItsOwn() {
    var rewrite = attempts.get(ServerAttempts.REWRITE);
    if (rewrite != null && !rewrite.wanted().equals(status.orElseThrow().handledRewriteRequest())) {
      return;
    }
    for (int operators = 0; operators < 50; operators++) {
      newOperator(NEWEST_IMAGE);
      var next = plan().steps().stream().findFirst();
      if (next.isEmpty() || next.get() instanceof Step.StartRewrite) {
        return;
      }
      takeNoted(next.get());
    }
    throw new AssertionError("operators that end come to no end: " + taken.getLast());
  }

  private void takeNoted(Step step) {
    taken.add(step);
    take(step);
  }

  private void report(Observation seen, Plan plan, List<Problem> problems) {
    var after = StatusReport.of(seen, plan, problems, now);
    told.addAll(Transitions.between(status, after));
    status = Optional.of(after);
  }

  /** The pod's container does not start, for a reason in Kubernetes' word. */
  public void waitsFor(String reason) {
    var status =
        new ContainerStatusBuilder()
            .withName("store")
            .withNewState()
            .withNewWaiting()
            .withReason(reason)
            .endWaiting()
            .endState()
            .build();
    pod =
        pod.map(
            p ->
                new PodBuilder(p)
                    .editStatus()
                    .withConditions(List.of())
                    .withContainerStatuses(status)
                    .endStatus()
                    .build());
  }

  /** Looks until nothing is left to do. */
  public World settle() {
    for (int round = 0; round < 30; round++) {
      var before = status;
      if (reconcile().steps().isEmpty() && status.equals(before)) {
        return this;
      }
    }
    throw new AssertionError(
        "the operator never comes to rest; its last steps: "
            + taken.subList(taken.size() - 3, taken.size()));
  }

  public Condition condition(String type) {
    return status.orElseThrow().conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  public <T extends HasMetadata> T object(Class<T> kind, String name) {
    return kind.cast(objects.get(kind.getSimpleName() + "/" + name));
  }

  public String file() {
    return object(ConfigMap.class, "sessions-config").getData().get("redis.conf");
  }

  public void put(HasMetadata object) {
    objects.put(object.getClass().getSimpleName() + "/" + object.getMetadata().getName(), object);
  }

  public List<String> reasons() {
    return told.stream().map(Notice::reason).toList();
  }

  public <T extends Step> List<T> taken(Class<T> kind) {
    return taken.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  // What the cluster does

  private void take(Step step) {
    step.notice().ifPresent(told::add);
    switch (step) {
      case Step.CreateSecret(Secret secret, Optional<Notice> notice) -> {
        var data = new HashMap<String, String>();
        secret.getStringData().forEach((key, value) -> data.put(key, encoded(value)));
        data.put("password", encoded("secret"));
        var made = new SecretBuilder(secret).withStringData(null).withData(data).build();
        made.getMetadata().setUid("secret-" + ++secrets);
        put(made);
      }
      case Step.Apply(HasMetadata object, Optional<Notice> notice) -> {
        var copy = Serialization.clone(object);
        copy.getMetadata().setGeneration((long) ++generation);
        if (copy instanceof StatefulSet set) {
          set.setStatus(
              new StatefulSetStatusBuilder()
                  .withReplicas(1)
                  .withObservedGeneration((long) generation)
                  .build());
        }
        webhook.accept(copy);
        put(copy);
      }
      case Step.ReplacePod replace -> pod = Optional.empty();
      case Step.MarkPod mark -> {
        pod.orElseThrow().getMetadata().getAnnotations().putAll(mark.annotations());
        pod.orElseThrow().getMetadata().getLabels().putAll(mark.labels());
      }
      case Step.SendSettings send -> send.settings().forEach(this::configSet);
      case Step.StartRewrite rewrite -> {
        attempts.put(
            ServerAttempts.REWRITE,
            new ServerAttempts.Attempt(rewrite.request().orElse(""), "", "", now));
        info = info(info.aofBaseSize(), info.aofBaseSize(), info.rewrites() + 1, false);
      }
    }
    controllers();
  }

  private static String encoded(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }

  private void configSet(String directive, String value) {
    var words = refuses.getOrDefault(directive + " " + value, "");
    if (words.isEmpty()) {
      live.put(directive, value);
    }
    attempts.put(directive, new ServerAttempts.Attempt(value, value, words, now));
  }

  /** The set's controller and the kubelet. */
  private void controllers() {
    var set = object(StatefulSet.class, "sessions");
    if (set != null) {
      set.getStatus().setUpdateRevision(revision(set));
    }
    if (set == null || set.getSpec().getReplicas() == 0) {
      pod = Optional.empty();
    } else if (pod.isEmpty()) {
      pod = Optional.of(newPod(set));
      fileInPod = file();
      live.clear();
      attempts.clear();
      fileInPod
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(
              line -> live.put(line.split(" ", 2)[0], line.split(" ", 2)[1].replace("\"", "")));
    }
    if (fileArrives) {
      fileInPod =
          Optional.ofNullable(object(ConfigMap.class, "sessions-config"))
              .map(map -> map.getData().get("redis.conf"))
              .orElse("");
    }
  }

  private static String revision(StatefulSet set) {
    return Integer.toHexString(set.getSpec().getTemplate().hashCode());
  }

  private Pod newPod(StatefulSet set) {
    var template = Serialization.clone(set.getSpec().getTemplate());
    return new PodBuilder()
        .withMetadata(template.getMetadata())
        .editMetadata()
        .withName("sessions-0")
        .withNamespace("shop")
        .withUid("pod-" + ++pods)
        .withResourceVersion(Integer.toString(100 + pods))
        .addToLabels("controller-revision-hash", revision(set))
        .endMetadata()
        .withSpec(template.getSpec())
        .withNewStatus()
        .withPodIP("10.0.0." + pods)
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  private Optional<ServerFacts> facts() {
    if (pod.isEmpty()) {
      return Optional.empty();
    }
    var parked = check.parked();
    ServerFacts.Server server =
        parked || !serverAnswers
            ? new ServerFacts.Down(parked ? "parked" : "Connection refused")
            : new ServerFacts.Up(info, live, refusal);
    return Optional.of(
        new ServerFacts(
            pod.get().getMetadata().getUid(),
            server,
            Optional.of(check),
            parked ? Optional.empty() : Optional.of(sha256(fileInPod))));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** INFO of a server that logs. */
  public static ServerInfo info(long size, long base, long rewrites, boolean rewriting) {
    return info("run", size, base, rewrites, rewriting, true);
  }

  /** The same of a certain process of the server. */
  public static ServerInfo info(
      String runId, long size, long base, long rewrites, boolean rewriting, boolean lastOk) {
    return new ServerInfo(
        runId,
        "7.2.0",
        false,
        0,
        true,
        size,
        base,
        rewriting,
        rewrites,
        lastOk,
        rewrites > 0 ? 1 : -1,
        true,
        false);
  }

  public static CheckReport clean() {
    return new CheckReport(
        "0000000000000001",
        "2026-11-22T13:59:00Z",
        "Clean",
        "Passed",
        "Clean",
        null,
        null,
        0L,
        0L,
        "",
        "nothing to do",
        null);
  }

  public static CheckReport parked(String id, String verdict, String reason) {
    return new CheckReport(
        id,
        "2026-11-22T14:03:07Z",
        verdict,
        "Parked",
        reason,
        "appendonlydir/appendonly.aof.1.incr.aof",
        512L,
        9000L,
        30L,
        "expected '*' at offset 512, found 0x67",
        "a decision is needed",
        null);
  }

  public static CheckReport repaired(String reason) {
    return new CheckReport(
        "9f2c61d07b3a4e55",
        "2026-11-22T14:03:07Z",
        "CorruptTail",
        "Repaired",
        reason,
        "appendonlydir/appendonly.aof.1.incr.aof",
        512L,
        9L,
        0L,
        "expected '*' at offset 512, found 0x67",
        "nothing to do",
        new CheckReport.Dropped(9L, 0L, "quarantine/20261122T140307.120Z"));
  }

  /** The duration for which a refusal stands, and a little more. */
  public void waitOutRefusals() {
    now = now.plus(Duration.ofSeconds(61));
  }

  /** Names of the store. */
  public Names names() {
    return Names.of(store);
  }
}
