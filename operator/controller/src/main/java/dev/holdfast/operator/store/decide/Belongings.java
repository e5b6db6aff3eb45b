package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.ByteSize;
import dev.holdfast.operator.api.v1alpha1.StorageSpec;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The objects that a store needs, and which of them have to be applied: those that are missing or
 * differ.
 */
final class Belongings {

  private final Basis basis;
  private final OwnedObjects objects;
  private final List<Step> steps = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  Belongings(Basis basis) {
    this.basis = basis;
    this.objects = new OwnedObjects(basis.seen().store());
  }

  /**
   * In the order in which they are needed: what a pod mounts, how it is reached, then the set that
   * makes it. Only the old file tells that a directive was taken out, so one that is there is
   * written after the set that carries the restart which this asks for.
   */
  void decide() {
    var file = objects.configMap(basis.file());
    var first = basis.seen().configMap().isEmpty();
    if (first) {
      apply(file);
    }
    secret();
    apply(objects.headlessService());
    apply(objects.clientService());
    apply(objects.disruptionBudget());
    claim();
    // The set's restart hash depends on the secret, so a set that is made before it would restart
    // its pod at once.
    if (basis.seen().secret().isPresent()) {
      apply(statefulSet());
    }
    if (!first) {
      apply(file);
    }
  }

  List<Step> steps() {
    return steps;
  }

  List<Problem> problems() {
    return problems;
  }

  /**
   * Whether the set is as wanted and its controller knows, so that a pod that goes now comes back
   * as wanted.
   */
  boolean setIsCurrent() {
    return basis
        .seen()
        .statefulSet()
        .filter(set -> OwnedObjects.matches(set, OwnedObjects.sealed(statefulSet())))
        .filter(
            set ->
                set.getStatus() != null
                    && set.getStatus().getObservedGeneration() != null
                    && set.getStatus().getObservedGeneration() >= set.getMetadata().getGeneration())
        .isPresent();
  }

  private void apply(HasMetadata object) {
    var name = object.getKind() + " " + object.getMetadata().getName();
    apply(object, Optional.of(Notice.normal("Created", name)), Optional.empty());
  }

  private void apply(HasMetadata object, Optional<Notice> created, Optional<Notice> changed) {
    var wanted = OwnedObjects.sealed(object);
    var there = basis.seen().find(wanted.getClass(), wanted.getMetadata().getName());
    if (there.isEmpty()) {
      steps.add(new Step.Apply(wanted, created));
    } else if (mayTouch(there.get())) {
      OwnedObjects.difference(there.get(), wanted)
          .map(field -> changed.orElseGet(() -> changed(there.get(), wanted, field)))
          .ifPresent(notice -> steps.add(new Step.Apply(wanted, Optional.of(notice))));
    }
  }

  /** Says whose change it is: by the hash on an object, ours has not been written yet. */
  private static Notice changed(HasMetadata there, HasMetadata wanted, String field) {
    var what = there.getKind() + " " + there.getMetadata().getName();
    return OwnedObjects.sameWish(there, wanted)
        ? Notice.normal(
            "Corrected", what + ": somebody else's change of " + field + " is put right")
        : Notice.normal("Changed", what + " is brought up to date");
  }

  /**
   * Whether an object that is there is this store's; somebody else's is never touched. Claims have
   * an identity of their own.
   */
  private boolean mayTouch(HasMetadata there) {
    if (there instanceof PersistentVolumeClaim) {
      return true;
    }
    var store = basis.seen().store();
    var owners = there.getMetadata().getOwnerReferences();
    if (owners.stream().anyMatch(owner -> owner.getUid().equals(store.getMetadata().getUid()))) {
      return there.getMetadata().getDeletionTimestamp() == null;
    }
    var what = there.getKind() + " " + there.getMetadata().getName();
    var leftOver =
        owners.stream()
            .anyMatch(
                owner ->
                    owner.getKind().equals(store.getKind())
                        && owner.getName().equals(store.getMetadata().getName()));
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
    var there = basis.seen().secret();
    if (there.isPresent()) {
      mayTouch(there.get());
      return;
    }
    steps.add(
        new Step.CreateSecret(
            objects.secretWithoutPassword(),
            Optional.of(
                Notice.normal(
                    "Created", "Secret " + basis.names().secret() + " with a new password"))));
  }

  private void claim() {
    var there = basis.seen().claim();
    var storage = basis.spec().storage();
    var name = basis.names().claim();
    if (there.isEmpty()) {
      var created =
          basis.identity().hasData()
              ? Notice.warning(
                  "VolumeMissing",
                  "claim "
                      + name
                      + " is gone: an empty one is made, and the store will ask what to do")
              : Notice.normal("Created", "PersistentVolumeClaim " + name);
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
            "VolumeGrows", "claim " + name + " grows from " + oldSize + " to " + storage.size());
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
        basis.identity().storeId(),
        basis.identity().hasData(),
        basis.spec().storage().reclaimPolicy() == StorageSpec.ReclaimPolicy.Delete);
  }

  /** The claim template can never change; what the first version of the set had is kept. */
  private StatefulSet statefulSet() {
    var storage = basis.spec().storage();
    var template =
        basis
            .seen()
            .statefulSet()
            .map(set -> set.getSpec().getVolumeClaimTemplates())
            .orElse(List.of())
            .stream()
            .findFirst()
            .map(PersistentVolumeClaim::getSpec);
    Map<String, String> annotations = new TreeMap<>();
    basis.grant().used().ifPresent(used -> annotations.put(StoreAnnotations.APPROVAL_USED, used));
    return objects.statefulSet(
        basis.stopped() ? 0 : 1,
        PodTemplate.render(basis),
        template
            .map(claim -> claim.getResources().getRequests().get("storage").toString())
            .orElse(storage.size()),
        template.isPresent() ? template.get().getStorageClassName() : storage.storageClassName(),
        template
            .map(claim -> claim.getAccessModes().getFirst())
            .orElse(storage.accessMode().name()),
        basis.identity().storeId(),
        annotations);
  }
}
