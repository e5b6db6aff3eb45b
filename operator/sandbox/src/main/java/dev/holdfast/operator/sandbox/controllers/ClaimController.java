package dev.holdfast.operator.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.schema.Quantity;
import dev.holdfast.operator.sandbox.store.Change;
import dev.holdfast.operator.sandbox.volumes.Volumes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Binds claims to volumes, grows them, and takes volumes away after their claims. */
public final class ClaimController implements AutoCloseable {
  private static final String NAME = "persistentvolume-controller";
  private static final String CLAIMS = "persistentvolumeclaims";
  private static final String VOLUMES = "persistentvolumes";
  private static final String PROTECTION = "kubernetes.io/pvc-protection";

  private final Cluster cluster;
  private final Volumes volumes;
  private final WorkQueue queue;

  /** Starts at once. */
  public ClaimController(Cluster cluster, Volumes volumes) {
    this.cluster = cluster;
    this.volumes = volumes;
    queue = new WorkQueue(NAME, this::reconcile);
    cluster.store().listen(this::follow);
    cluster.list(CLAIMS, "").forEach(this::enqueue);
    cluster.list(VOLUMES, "").forEach(volume -> queue.add("/" + Json.name(volume)));
  }

  private void follow(Change change) {
    switch (change.collection()) {
      case CLAIMS -> {
        enqueue(change.object());
        if (change.kind() == Change.Kind.DELETED) {
          queue.add("/" + Json.text(change.object(), "spec", "volumeName"));
        }
      }
      case VOLUMES -> {
        queue.add("/" + Json.name(change.object()));
        JsonNode claim = change.object().path("spec").path("claimRef");
        queue.add(Json.text(claim, "namespace") + "/" + Json.text(claim, "name"));
      }
      case "pods" -> {
        for (JsonNode volume : change.object().path("spec").path("volumes")) {
          String claim = Json.text(volume, "persistentVolumeClaim", "claimName");
          if (!claim.isEmpty()) {
            queue.add(Json.namespace(change.object()) + "/" + claim);
          }
        }
      }
      default -> {}
    }
  }

  private void enqueue(ObjectNode claim) {
    queue.add(Json.namespace(claim) + "/" + Json.name(claim));
  }

  private void reconcile(String key) {
    String[] parts = key.split("/", 2);
    try {
      if (parts[0].isEmpty()) {
        reclaim(parts[1]);
        return;
      }
      ObjectNode claim = cluster.find(CLAIMS, parts[0], parts[1]);
      if (claim == null) {
        return;
      }
      if (Json.terminating(claim)) {
        if (!used(claim)) {
          cluster.removeFinalizer(NAME, CLAIMS, claim, PROTECTION);
        }
      } else if (Json.text(claim, "status", "phase").equals("Bound")) {
        grow(claim);
      } else {
        bind(claim);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the volume of claim " + key, e);
    }
  }

  private void bind(ObjectNode claim) throws IOException {
    String wanted = Json.text(claim, "spec", "volumeName");
    ObjectNode volume = wanted.isEmpty() ? null : cluster.find(VOLUMES, "", wanted);
    if (wanted.isEmpty()) {
      String className = Json.text(claim, "spec", "storageClassName");
      ObjectNode storageClass = cluster.find("storageclasses.storage.k8s.io", "", className);
      if (storageClass == null) {
        cluster.event(
            NAME,
            claim,
            "Warning",
            "ProvisioningFailed",
            "storageclass.storage.k8s.io \"" + className + "\" not found");
        return;
      }
      boolean waits = Json.text(storageClass, "volumeBindingMode").equals("WaitForFirstConsumer");
      if (waits && !used(claim)) {
        return;
      }
      volume = provision(claim, storageClass);
    } else if (volume == null || !free(volume, claim)) {
      return;
    }
    String name = Json.name(volume);
    ObjectNode bound = volume;
    cluster.change(
        NAME,
        VOLUMES,
        volume,
        latest -> {
          ObjectNode reference = Json.ensure(latest, "spec", "claimRef");
          reference.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
          reference.put("namespace", Json.namespace(claim)).put("name", Json.name(claim));
          reference.put("uid", Json.uid(claim));
          return latest;
        });
    cluster.changeStatus(NAME, VOLUMES, volume, status -> status.put("phase", "Bound"));
    cluster.change(
        NAME,
        CLAIMS,
        claim,
        latest -> {
          Json.ensure(latest, "spec").put("volumeName", name);
          Json.ensure(latest, "metadata", "annotations")
              .put("pv.kubernetes.io/bind-completed", "yes");
          return latest;
        });
    cluster.changeStatus(
        NAME,
        CLAIMS,
        claim,
        status -> {
          status.put("phase", "Bound");
          status.set("accessModes", claim.path("spec").path("accessModes"));
          status.set("capacity", bound.path("spec").path("capacity"));
        });
  }

  private ObjectNode provision(ObjectNode claim, ObjectNode storageClass) throws IOException {
    String name = "pvc-" + Json.uid(claim);
    String size = requested(claim);
    volumes.make(name, Quantity.parse(size).bytes());
    ObjectNode volume = Json.object();
    volume.putObject("metadata").put("name", name);
    ObjectNode spec = volume.putObject("spec");
    spec.putObject("capacity").put("storage", size);
    spec.set("accessModes", claim.path("spec").path("accessModes"));
    spec.put("storageClassName", Json.name(storageClass));
    spec.set("persistentVolumeReclaimPolicy", storageClass.path("reclaimPolicy"));
    spec.putObject("local").put("path", volumes.folder(name).toString());
    cluster.create(NAME, VOLUMES, "", volume);
    cluster.event(
        NAME, claim, "Normal", "ProvisioningSucceeded", "Successfully provisioned volume " + name);
    return cluster.find(VOLUMES, "", name);
  }

  private static boolean free(ObjectNode volume, ObjectNode claim) {
    JsonNode reference = volume.path("spec").path("claimRef");
    String uid = Json.text(reference, "uid");
    return reference.isMissingNode()
        || uid.equals(Json.uid(claim))
        || (uid.isEmpty()
            && Json.text(reference, "name").equals(Json.name(claim))
            && Json.text(reference, "namespace").equals(Json.namespace(claim)));
  }

  private void grow(ObjectNode claim) throws IOException {
    String wanted = requested(claim);
    String present = Json.text(claim, "status", "capacity", "storage");
    if (Quantity.parse(wanted).compareTo(Quantity.parse(present)) <= 0) {
      return;
    }
    String name = Json.text(claim, "spec", "volumeName");
    if (!volumes.grow(name, Quantity.parse(wanted).bytes(), used(claim))) {
      cluster.changeStatus(NAME, CLAIMS, claim, status -> resizePending(status, cluster.now()));
      return;
    }
    ObjectNode volume = cluster.find(VOLUMES, "", name);
    cluster.change(
        NAME,
        VOLUMES,
        volume,
        latest -> {
          Json.ensure(latest, "spec", "capacity").put("storage", wanted);
          return latest;
        });
    cluster.changeStatus(
        NAME,
        CLAIMS,
        claim,
        status -> {
          status.remove("conditions");
          Json.ensure(status, "capacity").put("storage", wanted);
        });
    cluster.event(
        NAME,
        claim,
        "Normal",
        "FileSystemResizeSuccessful",
        "MountVolume.NodeExpandVolume succeeded for volume \"" + name + "\"");
  }

  private static void resizePending(ObjectNode status, Instant now) {
    if (!status.has("conditions")) {
      status
          .putArray("conditions")
          .addObject()
          .put("type", "FileSystemResizePending")
          .put("status", "True")
          .put("lastTransitionTime", now.toString())
          .put(
              "message",
              "Waiting for the pod that uses it to stop: its file system cannot grow while it is mounted");
    }
  }

  private void reclaim(String name) throws IOException {
    ObjectNode volume = cluster.find(VOLUMES, "", name);
    if (volume == null || Json.text(volume, "spec", "claimRef", "uid").isEmpty()) {
      return;
    }
    JsonNode reference = volume.path("spec").path("claimRef");
    ObjectNode claim =
        cluster.find(CLAIMS, Json.text(reference, "namespace"), Json.text(reference, "name"));
    if (claim != null && Json.uid(claim).equals(Json.text(reference, "uid"))) {
      return;
    }
    if (Json.text(volume, "spec", "persistentVolumeReclaimPolicy").equals("Delete")) {
      volumes.remove(name);
      cluster.delete(VOLUMES, volume);
    } else {
      cluster.changeStatus(NAME, VOLUMES, volume, status -> status.put("phase", "Released"));
    }
  }

  private boolean used(ObjectNode claim) {
    for (ObjectNode pod : cluster.list("pods", Json.namespace(claim))) {
      for (JsonNode volume : pod.path("spec").path("volumes")) {
        String name = Json.text(volume, "persistentVolumeClaim", "claimName");
        if (name.equals(Json.name(claim))) {
          return true;
        }
      }
    }
    return false;
  }

  private static String requested(ObjectNode claim) {
    return Json.text(claim, "spec", "resources", "requests", "storage");
  }

  @Override
  public void close() {
    queue.close();
  }
}
