package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.store.observe.Names;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The only way in which a status gets out. It writes nothing when nothing has changed, and
 * remembers what it wrote, because a watch may not show it yet when the store is looked at again.
 */
public final class StatusRecorder {

  /** The store was deleted meanwhile; or there is another of its name, which the UID tells. */
  private static final int GONE = 404;

  private static final int CREATED_ANEW = 409;

  private final KubernetesClient client;
  private final Map<String, PersistentStoreStatus> written = new ConcurrentHashMap<>();

  public StatusRecorder(KubernetesClient client) {
    this.client = client;
  }

  /** What was reported last. */
  public Optional<PersistentStoreStatus> last(PersistentStore store) {
    return Optional.ofNullable(written.get(store.getMetadata().getUid()))
        .or(() -> Optional.ofNullable(store.getStatus()));
  }

  /**
   * Reports a status.
   *
   * @return whether it was written
   */
  public boolean record(PersistentStore store, PersistentStoreStatus status) {
    if (last(store).filter(status::equals).isPresent()) {
      return false;
    }
    var patch = new PersistentStore();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(store.getMetadata().getName())
            .withNamespace(store.getMetadata().getNamespace())
            .withUid(store.getMetadata().getUid())
            .build());
    patch.setStatus(status);
    try {
      client
          .resource(patch)
          .subresource("status")
          .patch(
              new PatchContext.Builder()
                  .withPatchType(PatchType.SERVER_SIDE_APPLY)
                  .withFieldManager(Names.OPERATOR)
                  .withForce(true)
                  .build());
    } catch (KubernetesClientException e) {
      if (e.getCode() == GONE || e.getCode() == CREATED_ANEW) {
        return false;
      }
      throw e;
    }
    written.put(store.getMetadata().getUid(), status);
    return true;
  }

  /** Forgets a store. */
  public void forget(String uid) {
    written.remove(uid);
  }
}
