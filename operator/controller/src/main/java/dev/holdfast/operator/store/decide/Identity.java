package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.observe.Names;
import dev.holdfast.operator.store.observe.Observation;
import java.util.Map;
import java.util.Optional;

/**
 * Whose data a store's claim holds. A new store's identity is the UID of its resource, so that it
 * is the same however often the first steps are repeated; a store that finds a claim with its name
 * takes over that claim's identity.
 */
sealed interface Identity {

  /**
   * The claim is the store's, or there is none yet.
   *
   * @param storeId the identity
   * @param adopted whether it comes from a claim that an earlier store of this name has left
   * @param hasData whether an empty volume would be a loss
   */
  record Known(String storeId, boolean adopted, boolean hasData) implements Identity {}

  /** The claim must not be used. */
  record Refused(Problem problem) implements Identity {}

  /** Looks at the claim and at the status. */
  static Identity of(Observation seen) {
    var names = Names.of(seen.store());
    var known = seen.status().map(PersistentStoreStatus::storeId);
    var served = seen.hasServed();
    if (seen.claim().isEmpty()) {
      return new Known(known.orElse(seen.store().getMetadata().getUid()), false, served);
    }
    var claim = seen.claim().get();
    if (claim.getMetadata().getDeletionTimestamp() != null) {
      return refused(
          "VolumeGoing",
          "claim " + names.claim() + " is being removed: the store waits until it is gone",
          false);
    }
    Map<String, String> marks =
        Optional.ofNullable(claim.getMetadata().getAnnotations()).orElse(Map.of());
    var id = marks.get(StoreAnnotations.STORE_ID);
    var owner = marks.get(StoreAnnotations.STORE);
    if (id == null || !names.store().equals(owner)) {
      return refused(
          "UnknownVolume",
          "claim "
              + names.claim()
              + " is there and does not say that it belongs to this store: remove it, or, if its data is this store's, annotate it"
              + " with "
              + StoreAnnotations.STORE
              + "="
              + names.store()
              + " and "
              + StoreAnnotations.STORE_ID
              + "=<the storeId in holdfast/store.json of the volume>",
          true);
    }
    if (known.isPresent() && !known.get().equals(id)) {
      return refused(
          "ForeignVolume",
          "claim "
              + names.claim()
              + " carries the identity "
              + id
              + ", this store's is "
              + known.get()
              + ": bring back the right claim; to use this one, delete the store (claims stay) and create it again",
          true);
    }
    var adopted = known.isEmpty() && !id.equals(seen.store().getMetadata().getUid());
    return new Known(id, adopted, served || "true".equals(marks.get(StoreAnnotations.HAS_DATA)));
  }

  private static Identity refused(String reason, String message, boolean stalled) {
    return new Refused(new Problem(reason, message, stalled));
  }
}
