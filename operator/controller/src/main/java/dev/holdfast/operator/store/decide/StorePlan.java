package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.ByteSize;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreSpec;
import dev.holdfast.operator.api.v1alpha1.StorageSpec;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.observe.CheckReport;
import dev.holdfast.operator.store.observe.Names;
import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.ServerFacts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The plan of a store whose spec is sound and whose volume is its own. One object per decision; it
 * fills lists while it goes through the parts in the order in which they have to be applied: what a
 * pod needs before the set, the set before its pod goes.
 */
final class StorePlan {

  /** When a kubelet that was asked for a file has not brought it, it is asked again. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(3);

  private final Observation seen;
  private final Instant now;
  private final String image;
  private final MemoryBudget memory;
  private final Identity.Known identity;
  private final PersistentStoreSpec spec;
  private final Names names;
  private final OwnedObjects objects;
  private final SortedMap<String, String> wanted;
  private final Grant grant;
  private final String restartHash;
  private final boolean replacing;
  private final Settings settings;

  private final List<Step> steps = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();

  StorePlan(
      Observation seen, Instant now, String image, MemoryBudget memory, Identity.Known identity) {
    this.seen = seen;
    this.now = now;
    this.image = image;
    this.memory = memory;
    this.identity = identity;
    this.spec = seen.store().getSpec();
    this.names = Names.of(seen.store());
    this.objects = new OwnedObjects(seen.store());
    this.wanted = RedisConf.wanted(spec, memory);
    this.grant = Grant.of(seen);
    var plainHash = plainRestartHash();
    var differs =
        seen.pod()
            .map(pod -> !Pods.annotation(pod, StoreAnnotations.RESTART_HASH).startsWith(plainHash))
            .orElse(false);
    this.settings = Settings.decide(seen, wanted, memory.source(), differs, now);
    this.restartHash = plainHash + restartSuffix();
    this.replacing =
        seen.pod()
            .map(pod -> !Pods.annotation(pod, StoreAnnotations.RESTART_HASH).equals(restartHash))
            .orElse(false);
  }

  Plan make() {
    if (identity.adopted()) {
      notices.add(
          Notice.normal(
              "VolumeAdopted",
              "claim "
                  + names.claim()
                  + " carries the data of an earlier store of this name ("
                  + identity.storeId()
                  + "): it is used"));
    }
    var file = RedisConf.render(settings.file());
    apply(objects.configMap(file));
    secret();
    apply(objects.headlessService());
    apply(objects.clientService());
    apply(objects.disruptionBudget());
    claim();
    var set = statefulSet(RedisConf.sha256(file));
    if (seen.secret().isPresent()) {
      apply(set);
    }
    var setIsCurrent = setIsCurrent(set);
    var poll = Pods.pollTarget(seen, wanted.keySet());
    var rewrites = Rewrites.decide(seen, now);
    if (!stopped() && problems.isEmpty()) {
      pod(RedisConf.sha256(file), setIsCurrent);
    }
    if (!settings.send().isEmpty()) {
      steps.add(new Step.SendSettings(podUid(), settings.send(), settings.drift()));
    }
    if (!replacing) {
      rewrites
          .start()
          .ifPresent(why -> steps.add(new Step.StartRewrite(podUid(), Optional.of(why))));
    }
    var inFile =
        settings.file().equals(wanted)
            && seen.facts()
                .flatMap(ServerFacts::fileSha256)
                .filter(RedisConf.sha256(file)::equals)
                .isPresent();
    return new Plan(
        steps,
        problems,
        Optional.of(identity.storeId()),
        image,
        new Plan.Memory(memory.maxmemory(), memory.source()),
        new Plan.Config(settings.allLive(), inFile, settings.refused(), replacing),
        poll,
        underWay(inFile),
        notices,
        replacing ? seen.status().map(s -> s.handledRewriteRequest()) : rewrites.handledRequest());
  }

  private boolean stopped() {
    return seen.annotation(StoreAnnotations.STOP).filter("true"::equals).isPresent();
  }

  private String podUid() {
    return seen.pod().map(pod -> pod.getMetadata().getUid()).orElse("");
  }

  // What is applied

  private void apply(HasMetadata object) {
    var name = object.getKind() + " " + object.getMetadata().getName();
    apply(object, Optional.of(Notice.normal("Created", name)), Optional.empty());
  }

  private void apply(HasMetadata object, Optional<Notice> created, Optional<Notice> changed) {
    var wantedObject = OwnedObjects.sealed(object);
    var there = seen.find(wantedObject.getClass(), wantedObject.getMetadata().getName());
    if (there.isEmpty()) {
      steps.add(new Step.Apply(wantedObject, created));
    } else if (free(there.get()) && !OwnedObjects.matches(there.get(), wantedObject)) {
      steps.add(new Step.Apply(wantedObject, changed));
    }
  }

  /** Whether an object that is there is this store's; somebody else's is never touched. */
  private boolean free(HasMetadata there) {
    var what = there.getKind() + " " + there.getMetadata().getName();
    if (there instanceof PersistentVolumeClaim) {
      return true;
    }
    var owners = there.getMetadata().getOwnerReferences();
    if (owners.stream().anyMatch(o -> o.getUid().equals(seen.store().getMetadata().getUid()))) {
      return there.getMetadata().getDeletionTimestamp() == null;
    }
    var leftOver =
        owners.stream()
            .anyMatch(
                o ->
                    o.getKind().equals(seen.store().getKind())
                        && o.getName().equals(names.store()));
    problems.add(
        leftOver
            ? new Problem(
                "LeftOver",
                what
                    + " of an earlier store of this name is being removed: the store waits until it is gone",
                false)
            : new Problem(
                "NameTaken",
                what
                    + " is there and belongs to somebody else: rename or remove it, or create this store under another name",
                true));
    return false;
  }

  private void secret() {
    var there = seen.secret();
    if (there.isEmpty()) {
      steps.add(
          new Step.CreateSecret(
              objects.secretWithoutPassword(),
              Optional.of(
                  Notice.normal("Created", "Secret " + names.secret() + " with a new password"))));
    } else {
      free(there.get());
    }
  }

  private void claim() {
    var there = seen.claim();
    var storage = spec.storage();
    if (there.isEmpty()) {
      var created =
          identity.hasData()
              ? Notice.warning(
                  "VolumeMissing",
                  "claim "
                      + names.claim()
                      + " is gone: an empty one is made, and the store will ask what to do")
              : Notice.normal("Created", "PersistentVolumeClaim " + names.claim());
      apply(
          claim(storage.size(), storage.storageClassName(), storage.accessMode().name()),
          Optional.of(created),
          Optional.empty());
      return;
    }
    var old = there.get().getSpec();
    var oldSize = old.getResources().getRequests().get("storage");
    var grows = bytes(oldSize) < ByteSize.parse(storage.size());
    var growth =
        Notice.normal(
            "VolumeGrows",
            "claim " + names.claim() + " grows from " + oldSize + " to " + storage.size());
    apply(
        claim(
            grows ? storage.size() : oldSize.toString(),
            old.getStorageClassName(),
            old.getAccessModes().getFirst()),
        Optional.empty(),
        grows ? Optional.of(growth) : Optional.empty());
  }

  private static long bytes(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity).longValue();
  }

  private PersistentVolumeClaim claim(String size, String storageClass, String accessMode) {
    return objects.claim(
        size,
        storageClass,
        accessMode,
        identity.storeId(),
        identity.hasData(),
        spec.storage().reclaimPolicy() == StorageSpec.ReclaimPolicy.Delete);
  }

  private StatefulSet statefulSet(String fileSha256) {
    var there = seen.statefulSet();
    var claimTemplate =
        there.map(set -> set.getSpec().getVolumeClaimTemplates()).orElse(List.of()).stream()
            .findFirst();
    Map<String, String> annotations = new TreeMap<>();
    grant.used().ifPresent(used -> annotations.put(StoreAnnotations.APPROVAL_USED, used));
    return objects.statefulSet(
        stopped() ? 0 : 1,
        PodTemplate.render(names, spec, image, identity.storeId(), marks(fileSha256)),
        claimTemplate
            .map(c -> c.getSpec().getResources().getRequests().get("storage").toString())
            .orElse(spec.storage().size()),
        claimTemplate
            .map(c -> c.getSpec().getStorageClassName())
            .orElse(spec.storage().storageClassName()),
        claimTemplate
            .map(c -> c.getSpec().getAccessModes().getFirst())
            .orElse(spec.storage().accessMode().name()),
        identity.storeId(),
        annotations);
  }

  private Map<String, String> marks(String fileSha256) {
    Map<String, String> marks = new TreeMap<>(PodTemplate.recovery(spec));
    marks.put(StoreAnnotations.EXPECT_DATA, Boolean.toString(identity.hasData()));
    marks.put(StoreAnnotations.CONFIG_SHA256, fileSha256);
    marks.put(StoreAnnotations.RESTART_HASH, restartHash);
    grant.id().ifPresent(id -> marks.put(StoreAnnotations.GRANT, id));
    return marks;
  }

  // When a pod has to go

  /**
   * Hash of what only a new pod can change. Its inputs are fixed here, so that a new operator gives
   * the same hash.
   */
  private String plainRestartHash() {
    SortedMap<String, String> parts = new TreeMap<>();
    parts.put("image", image);
    parts.put("resources", Json.canonical(PodTemplate.resources(spec.resources())).toString());
    parts.put("secret", seen.secret().map(secret -> secret.getMetadata().getUid()).orElse(""));
    if (spec.pod() != null) {
      parts.put("nodeSelector", Json.canonical(spec.pod().nodeSelector()).toString());
      parts.put("tolerations", Json.canonical(spec.pod().tolerations()).toString());
      parts.put("affinity", Json.canonical(spec.pod().affinity()).toString());
    }
    parts
        .values()
        .removeIf(value -> value.equals("null") || value.equals("[]") || value.equals("{}"));
    parts.put("config", RedisConf.sha256(Settings.atStart(wanted)));
    return RedisConf.sha256(parts).substring(0, 16);
  }

  /**
   * A directive that is taken out of spec goes back to its default with the next start, so it asks
   * for one.
   */
  private String restartSuffix() {
    if (!settings.removed().isEmpty()) {
      return "-" + RedisConf.sha256(wanted).substring(0, 8);
    }
    return seen.statefulSet()
        .map(set -> set.getSpec().getTemplate().getMetadata().getAnnotations())
        .map(annotations -> annotations.get(StoreAnnotations.RESTART_HASH))
        .filter(hash -> hash.contains("-"))
        .map(hash -> hash.substring(hash.indexOf('-')))
        .orElse("");
  }

  /**
   * Whether the set is as wanted and its controller knows, so that a pod that goes now comes back
   * as wanted.
   */
  private boolean setIsCurrent(StatefulSet wantedSet) {
    return seen.statefulSet()
        .filter(set -> OwnedObjects.matches(set, wantedSet))
        .filter(
            set ->
                set.getStatus() != null
                    && set.getStatus().getObservedGeneration() != null
                    && set.getStatus().getObservedGeneration() >= set.getMetadata().getGeneration())
        .isPresent();
  }

  private void pod(String fileSha256, boolean setIsCurrent) {
    var pod = seen.pod().filter(p -> !Pods.going(p));
    if (pod.isEmpty()) {
      return;
    }
    var why = whyReplace(pod.get(), fileSha256);
    if (why.isEmpty()) {
      mark(pod.get(), fileSha256);
    } else if (setIsCurrent) {
      var metadata = pod.get().getMetadata();
      steps.add(
          new Step.ReplacePod(
              metadata.getName(), metadata.getUid(), metadata.getResourceVersion(), why));
    }
  }

  private Optional<Notice> whyReplace(Pod pod, String fileSha256) {
    if (grant.replace()) {
      return Optional.of(
          Notice.normal(
              "RecoveryGranted",
              "pod "
                  + names.pod()
                  + " is replaced: the repair of verdict "
                  + grant.id().orElse("")
                  + " is approved"));
    }
    if (replacing) {
      return Optional.of(
          Notice.normal(
              "PodReplaced",
              "pod " + names.pod() + " is replaced: spec asks for what only a start can change"));
    }
    if (parked()
        && !PodTemplate.recovery(spec).entrySet().stream()
            .allMatch(e -> Pods.annotation(pod, e.getKey()).equals(e.getValue()))) {
      return Optional.of(
          Notice.normal(
              "PodReplaced",
              "pod "
                  + names.pod()
                  + " is replaced: spec.recovery has changed while it waits for a decision"));
    }
    if (Pods.crashing(pod)
        && !Pods.annotation(pod, StoreAnnotations.CONFIG_SHA256).equals(fileSha256)) {
      return Optional.of(
          Notice.normal(
              "PodReplaced",
              "pod "
                  + names.pod()
                  + " is replaced: it failed to start, and its configuration has changed"));
    }
    return Optional.empty();
  }

  private boolean parked() {
    return seen.facts().flatMap(ServerFacts::check).map(CheckReport::parked).orElse(false);
  }

  /**
   * Brings what may change while the pod stays, and asks the kubelet for the file until the pod has
   * it.
   */
  private void mark(Pod pod, String fileSha256) {
    Map<String, String> annotations =
        new TreeMap<>(PodTemplate.annotations(Optional.ofNullable(spec.pod()), marks(fileSha256)));
    annotations.keySet().remove(StoreAnnotations.GRANT);
    var hasFile =
        seen.facts().flatMap(ServerFacts::fileSha256).map(fileSha256::equals).orElse(true);
    var configWritten =
        seen.configMap()
            .map(map -> map.getData().get(RedisConf.FILE))
            .map(RedisConf::sha256)
            .filter(fileSha256::equals)
            .isPresent();
    var asked = Pods.annotation(pod, StoreAnnotations.CONFIG_ASKED);
    var askedLately = !asked.isEmpty() && Instant.parse(asked).plus(ASK_AGAIN).isAfter(now);
    if (!hasFile && configWritten && !askedLately) {
      annotations.put(StoreAnnotations.CONFIG_ASKED, now.toString());
    }
    Map<String, String> labels =
        new HashMap<>(PodTemplate.labels(names, Optional.ofNullable(spec.pod())));
    annotations.entrySet().removeIf(e -> e.getValue().equals(Pods.annotation(pod, e.getKey())));
    labels
        .entrySet()
        .removeIf(
            e ->
                e.getValue()
                    .equals(
                        Optional.ofNullable(pod.getMetadata().getLabels())
                            .orElse(Map.of())
                            .get(e.getKey())));
    if (!annotations.isEmpty() || !labels.isEmpty()) {
      steps.add(
          new Step.MarkPod(
              pod.getMetadata().getName(), pod.getMetadata().getUid(), labels, annotations));
    }
  }

  private boolean underWay(boolean inFile) {
    if (stopped()) {
      return seen.pod().isPresent();
    }
    var serving = seen.facts().flatMap(ServerFacts::serving);
    return !steps.isEmpty()
        || seen.pod().isEmpty()
        || !Pods.ready(seen.pod().get())
        || serving.isEmpty()
        || serving.get().info().rewriting()
        || replacing
        || (settings.refused().isEmpty() && !(settings.allLive() && inFile))
        || problems.stream().anyMatch(problem -> !problem.stalled());
  }
}
