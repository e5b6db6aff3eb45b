package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.store.observe.ServerAttempts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One act. Steps are taken in order; each is safe to take again when nobody knows whether it was
 * taken.
 */
public sealed interface Step {

  /** What to tell people once the step is taken. */
  Optional<Notice> notice();

  /** Creates the credentials with a new random password; never touches a secret that is there. */
  record CreateSecret(Secret withoutPassword, Optional<Notice> notice) implements Step {}

  /** Applies an object, server-side. */
  record Apply(HasMetadata object, Optional<Notice> notice) implements Step {}

  /**
   * Deletes a pod so that its set makes it anew; only the pod that was seen, in the version that
   * was seen.
   */
  record ReplacePod(String name, String uid, String resourceVersion, Optional<Notice> notice)
      implements Step {}

  /** Writes labels and annotations on a running pod. */
  record MarkPod(
      String name,
      String uid,
      Map<String, String> labels,
      Map<String, String> annotations,
      Optional<Notice> notice)
      implements Step {}

  /**
   * Sends settings to the pod's server, one by one.
   *
   * @param drift those of them that somebody had changed, with the value found
   */
  record SendSettings(
      String podUid, SortedMap<String, String> settings, SortedMap<String, String> drift)
      implements Step {
    @Override
    public Optional<Notice> notice() {
      return Optional.empty();
    }
  }

  /**
   * Has the server in the pod rewrite its append-only file.
   *
   * @param request the text of the request that is answered with it; empty when it is due by itself
   * @param last the attempt before it; when there was another one since, this one is not due
   */
  record StartRewrite(
      String podUid, Optional<String> request, Notice why, Optional<ServerAttempts.Attempt> last)
      implements Step {
    @Override
    public Optional<Notice> notice() {
      return Optional.of(why);
    }
  }
}
