package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.ByteSize;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreSpec;
import dev.holdfast.operator.api.v1alpha1.PodSettings;
import dev.holdfast.operator.api.v1alpha1.ResourcesSpec;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.observe.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The pod that docs/pod.md promises. */
final class PodTemplate {

  static final int REDIS_PORT = 6379;
  static final int HEALTH_PORT = 8080;

  private static final long USER = 65532;

  /** How long a server may take to flush and sync when it is asked to end. */
  private static final long GRACE_SECONDS = 120;

  private PodTemplate() {}

  static PodTemplateSpec render(Basis basis) {
    var spec = basis.spec();
    var pod = Optional.ofNullable(spec.pod());
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels(basis))
        .withAnnotations(annotations(basis))
        .endMetadata()
        .withNewSpec()
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(GRACE_SECONDS)
        // The kernel drops a SIGTERM for process 1 that has no handler yet: a pod deleted in the
        // first moments of its process would wait for the whole grace period.
        .withShareProcessNamespace(true)
        .withImagePullSecrets(spec.imagePullSecrets() == null ? List.of() : spec.imagePullSecrets())
        .withNodeSelector(pod.map(PodSettings::nodeSelector).orElse(null))
        .withTolerations(pod.map(PodSettings::tolerations).orElse(List.of()))
        .withAffinity(pod.map(PodSettings::affinity).orElse(null))
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(container(spec, basis.image(), basis.identity().storeId()))
        .withVolumes(volumes(basis.names()))
        .endSpec()
        .build();
  }

  static Map<String, String> labels(Basis basis) {
    var further = Optional.ofNullable(basis.spec().pod()).map(PodSettings::labels);
    Map<String, String> labels = new TreeMap<>(further.orElse(Map.of()));
    labels.putAll(basis.names().labels());
    return labels;
  }

  static Map<String, String> annotations(Basis basis) {
    var further = Optional.ofNullable(basis.spec().pod()).map(PodSettings::annotations);
    Map<String, String> annotations = new TreeMap<>(further.orElse(Map.of()));
    annotations.putAll(recovery(basis.spec()));
    annotations.put(StoreAnnotations.EXPECT_DATA, Boolean.toString(basis.identity().hasData()));
    annotations.put(StoreAnnotations.CONFIG_SHA256, RedisConf.sha256(basis.file()));
    annotations.put(StoreAnnotations.RESTART_HASH, basis.restartHash());
    basis.grant().id().ifPresent(id -> annotations.put(StoreAnnotations.GRANT, id));
    return annotations;
  }

  private static Container container(PersistentStoreSpec spec, String image, String storeId) {
    return new ContainerBuilder()
        .withName("store")
        .withImage(image)
        .withImagePullPolicy("IfNotPresent")
        .withArgs("/etc/holdfast/" + RedisConf.FILE)
        .withEnv(environment(storeId))
        .addNewPort()
        .withName("redis")
        .withContainerPort(REDIS_PORT)
        .withProtocol("TCP")
        .endPort()
        .addNewPort()
        .withName("health")
        .withContainerPort(HEALTH_PORT)
        .withProtocol("TCP")
        .endPort()
        .withResources(resources(spec.resources()))
        .withStartupProbe(probe("/startupz", 1, 120))
        .withLivenessProbe(probe("/livez", 10, 6))
        .withReadinessProbe(probe("/readyz", 2, 2))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .addNewVolumeMount()
        .withName("data")
        .withMountPath("/data")
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("config")
        .withMountPath("/etc/holdfast")
        .withReadOnly(true)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("auth")
        .withMountPath("/etc/holdfast-auth")
        .withReadOnly(true)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount()
        .build();
  }

  /**
   * What may change while the pod stays comes from its annotations, so that a container that starts
   * again in the same pod sees the value of now.
   */
  private static List<EnvVar> environment(String storeId) {
    return List.of(
        variable("HOLDFAST_DATA", "/data"),
        variable("HOLDFAST_AUTH", "/etc/holdfast-auth"),
        variable("HOLDFAST_HEALTH_PORT", Integer.toString(HEALTH_PORT)),
        variable("HOLDFAST_STORE_ID", storeId),
        field("HOLDFAST_EXPECT_DATA", annotation(StoreAnnotations.EXPECT_DATA)),
        field("HOLDFAST_RECOVERY_POLICY", annotation(StoreAnnotations.RECOVERY_POLICY)),
        field("HOLDFAST_MAX_DATA_LOSS", annotation(StoreAnnotations.MAX_DATA_LOSS)),
        field("HOLDFAST_GRANT", annotation(StoreAnnotations.GRANT)),
        field("HOLDFAST_POD_UID", "metadata.uid"));
  }

  private static String annotation(String key) {
    return "metadata.annotations['" + key + "']";
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withApiVersion("v1")
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  static ResourceRequirements resources(ResourcesSpec resources) {
    var spec = Optional.ofNullable(resources);
    return new ResourceRequirementsBuilder()
        .withRequests(spec.map(ResourcesSpec::requests).map(PodTemplate::amounts).orElse(null))
        .withLimits(spec.map(ResourcesSpec::limits).map(PodTemplate::amounts).orElse(null))
        .build();
  }

  private static Map<String, Quantity> amounts(ResourcesSpec.Amounts amounts) {
    Map<String, Quantity> map = new HashMap<>();
    if (amounts.cpu() != null) {
      map.put("cpu", amounts.cpu());
    }
    if (amounts.memory() != null) {
      map.put("memory", new Quantity(amounts.memory()));
    }
    return map;
  }

  private static Probe probe(String path, int period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort("health")
        .withScheme("HTTP")
        .endHttpGet()
        .withPeriodSeconds(period)
        .withTimeoutSeconds(2)
        .withFailureThreshold(failures)
        .build();
  }

  private static List<Volume> volumes(Names names) {
    return List.of(
        new VolumeBuilder()
            .withName("config")
            .withNewConfigMap()
            .withName(names.configMap())
            .endConfigMap()
            .build(),
        new VolumeBuilder()
            .withName("auth")
            .withNewSecret()
            .withSecretName(names.secret())
            .withDefaultMode(0440)
            .addNewItem("password", null, "password")
            .endSecret()
            .build(),
        new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
  }

  /** The annotations that carry a recovery policy into the pod. */
  static Map<String, String> recovery(PersistentStoreSpec spec) {
    return Map.of(
        StoreAnnotations.RECOVERY_POLICY,
        spec.recovery().policy().name(),
        StoreAnnotations.MAX_DATA_LOSS,
        Long.toString(ByteSize.parse(spec.recovery().maxDataLoss())));
  }
}
