package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.PodSettings;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.observe.CheckReport;
import dev.holdfast.operator.store.observe.ServerFacts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What happens to a pod that runs: it goes for a stated reason, or stays and is told what has
 * changed.
 */
final class RunningPod {

  /** When a kubelet that was asked for a file has not brought it, it is asked again. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(3);

  private final Basis basis;
  private final String fileSha256;

  RunningPod(Basis basis) {
    this.basis = basis;
    this.fileSha256 = RedisConf.sha256(basis.file());
  }

  /**
   * The one step that the pod needs, if any.
   *
   * @param setIsCurrent whether a pod that goes now comes back as wanted
   */
  Optional<Step> step(boolean setIsCurrent) {
    var pod = basis.seen().pod().filter(p -> !Pods.going(p));
    if (pod.isEmpty()) {
      return Optional.empty();
    }
    var why = whyReplace(pod.get());
    if (why.isEmpty()) {
      return mark(pod.get());
    }
    var metadata = pod.get().getMetadata();
    return setIsCurrent
        ? Optional.of(
            new Step.ReplacePod(
                metadata.getName(),
                metadata.getUid(),
                metadata.getResourceVersion(),
                why.map(this::notice)))
        : Optional.empty();
  }

  private Notice notice(String why) {
    return Notice.normal("PodReplaced", "pod " + basis.names().pod() + " is replaced: " + why);
  }

  private Optional<String> whyReplace(Pod pod) {
    if (basis.grant().replace()) {
      return Optional.of("the repair of verdict " + basis.grant().id().orElse("") + " is approved");
    }
    if (basis.replacing()) {
      return Optional.of("spec asks for what only a start can change");
    }
    if (parked() && !carriesRecovery(pod)) {
      return Optional.of("spec.recovery has changed while it waits for a decision");
    }
    if (parked() && !Pods.annotation(pod, StoreAnnotations.CONFIG_SHA256).equals(fileSha256)) {
      return Optional.of("its configuration has changed while it waits for a decision");
    }
    if (Pods.stuck(pod) && ofOlderTemplate(pod)) {
      return Optional.of("it cannot start as it is, and its template has changed");
    }
    if (Pods.crashing(pod)
        && !Pods.annotation(pod, StoreAnnotations.CONFIG_SHA256).equals(fileSha256)) {
      return Optional.of("it fails to start, and its configuration has changed");
    }
    return Optional.empty();
  }

  /**
   * By the revision that the set's controller wrote on the pod: what a webhook changed on its way
   * is no difference, so that a pod is replaced once for each change.
   */
  private boolean ofOlderTemplate(Pod pod) {
    var revision =
        basis.seen().statefulSet().map(StatefulSet::getStatus).map(s -> s.getUpdateRevision());
    return revision.isPresent() && !revision.equals(Pods.revision(pod));
  }

  private boolean parked() {
    return basis.seen().facts().flatMap(ServerFacts::check).map(CheckReport::parked).orElse(false);
  }

  private boolean carriesRecovery(Pod pod) {
    return PodTemplate.recovery(basis.spec()).entrySet().stream()
        .allMatch(mark -> Pods.annotation(pod, mark.getKey()).equals(mark.getValue()));
  }

  /**
   * Brings what may change while the pod stays, and asks the kubelet for the file until the pod has
   * it.
   */
  private Optional<Step> mark(Pod pod) {
    Map<String, String> annotations = new TreeMap<>(PodTemplate.annotations(basis));
    annotations.remove(StoreAnnotations.GRANT);
    annotations
        .entrySet()
        .removeIf(mark -> mark.getValue().equals(Pods.annotation(pod, mark.getKey())));
    if (askForFile(pod)) {
      annotations.put(StoreAnnotations.CONFIG_ASKED, basis.now().toString());
    }
    Map<String, String> has = Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    Map<String, String> labels = new HashMap<>(PodTemplate.labels(basis));
    labels.entrySet().removeIf(label -> label.getValue().equals(has.get(label.getKey())));
    return annotations.isEmpty() && labels.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Step.MarkPod(
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                labels,
                annotations,
                asked(labels, annotations)));
  }

  /** Only what a person put into spec is told; the operator's own marks are nobody's business. */
  private Optional<Notice> asked(Map<String, String> labels, Map<String, String> annotations) {
    SortedSet<String> keys = new TreeSet<>(labels.keySet());
    keys.addAll(annotations.keySet());
    var further = Optional.ofNullable(basis.spec().pod());
    Set<String> ofSpec = new HashSet<>();
    further.map(PodSettings::labels).ifPresent(all -> ofSpec.addAll(all.keySet()));
    further.map(PodSettings::annotations).ifPresent(all -> ofSpec.addAll(all.keySet()));
    keys.retainAll(ofSpec);
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Notice.normal(
                "Changed",
                "pod "
                    + basis.names().pod()
                    + " gets "
                    + String.join(", ", keys)
                    + " of spec.pod"));
  }

  private boolean askForFile(Pod pod) {
    var written =
        basis
            .seen()
            .configMap()
            .map(map -> map.getData().get(RedisConf.FILE))
            .filter(basis.file()::equals)
            .isPresent();
    var has = basis.seen().facts().flatMap(ServerFacts::fileSha256);
    if (!written || has.isEmpty() || has.get().equals(fileSha256)) {
      return false;
    }
    var asked = Pods.annotation(pod, StoreAnnotations.CONFIG_ASKED);
    return asked.isEmpty() || !Instant.parse(asked).plus(ASK_AGAIN).isAfter(basis.now());
  }
}
