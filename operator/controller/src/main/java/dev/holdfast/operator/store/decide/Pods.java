package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.PollTarget;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a pod's object says about the pod. */
public final class Pods {

  private static final Set<String> NO_IMAGE =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");

  private Pods() {}

  /** Whether the pod is on its way out. */
  public static boolean going(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** Whether its readiness probe succeeds. */
  public static boolean ready(Pod pod) {
    return !going(pod)
        && Optional.ofNullable(pod.getStatus())
            .map(status -> status.getConditions())
            .orElse(List.of())
            .stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  /** An annotation, or the empty string. */
  public static String annotation(Pod pod, String key) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations())
        .orElse(Map.of())
        .getOrDefault(key, "");
  }

  /** Whether its container fails again and again. */
  public static boolean crashing(Pod pod) {
    return waiting(pod).filter("CrashLoopBackOff"::equals).isPresent();
  }

  /** Whether it waits for what may never come as long as it stays as it is: a node or its image. */
  static boolean stuck(Pod pod) {
    return unscheduled(pod).isPresent() || waiting(pod).filter(NO_IMAGE::contains).isPresent();
  }

  /** The version of its set's template that it was made from. */
  static Optional<String> revision(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getLabels())
        .map(labels -> labels.get("controller-revision-hash"));
  }

  /** Why its container does not run, in Kubernetes' word. */
  public static Optional<String> waiting(Pod pod) {
    return container(pod)
        .map(ContainerStatus::getState)
        .map(state -> state.getWaiting())
        .map(waiting -> waiting.getReason());
  }

  /** The last words of its container, when it has ended before. */
  public static Optional<String> lastWords(Pod pod) {
    return container(pod)
        .map(ContainerStatus::getLastState)
        .map(state -> state.getTerminated())
        .map(
            end ->
                Optional.ofNullable(end.getMessage())
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .orElse("exit code " + end.getExitCode()));
  }

  /** Why it is not scheduled, in Kubernetes' words. */
  public static Optional<String> unscheduled(Pod pod) {
    return Optional.ofNullable(pod.getStatus())
        .map(status -> status.getConditions())
        .orElse(List.of())
        .stream()
        .filter(c -> c.getType().equals("PodScheduled") && c.getStatus().equals("False"))
        .map(c -> c.getMessage() == null ? c.getReason() : c.getMessage())
        .findFirst();
  }

  private static Optional<ContainerStatus> container(Pod pod) {
    return Optional.ofNullable(pod.getStatus())
        .map(status -> status.getContainerStatuses())
        .orElse(List.of())
        .stream()
        .filter(status -> status.getName().equals("store"))
        .findFirst();
  }

  /**
   * Where to look at the store's server; empty while there is no pod with an address, or no
   * password.
   */
  static Optional<PollTarget> pollTarget(Observation seen, Set<String> directives) {
    var pod = seen.pod().filter(p -> !going(p));
    var address =
        pod.map(Pod::getStatus).map(status -> status.getPodIP()).filter(ip -> !ip.isEmpty());
    var password = seen.secret().map(secret -> secret.getData()).map(data -> data.get("password"));
    if (address.isEmpty() || password.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new PollTarget(
            pod.get().getMetadata().getUid(),
            address.get(),
            PodTemplate.REDIS_PORT,
            PodTemplate.HEALTH_PORT,
            new String(Base64.getDecoder().decode(password.get()), StandardCharsets.UTF_8),
            directives));
  }
}
