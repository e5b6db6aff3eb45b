package dev.holdfast.operator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.store.decide.Decider;
import dev.holdfast.operator.store.decide.Step;
import dev.holdfast.operator.store.observe.Observation;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The objects of a store as Kubernetes 1.36 handed them out, with the defaults and spellings that a
 * real API server adds. An operator that took any of them for a difference would write for ever.
 */
class UnchangedWorldTest {

  private final List<HasMetadata> objects = new ArrayList<>();
  private PersistentStore store;
  private Pod pod;

  @BeforeEach
  void read() {
    try (var file = getClass().getResourceAsStream("/seen-on-kubernetes-1.36.json")) {
      for (var item : Serialization.unmarshal(file, KubernetesList.class).getItems()) {
        if (item instanceof Pod seen) {
          pod = seen;
        } else if (item.getKind().equals("PersistentStore")) {
          store = Serialization.jsonMapper().convertValue(item, PersistentStore.class);
        } else {
          objects.add(item);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Observation seen() {
    return new Observation(
        store,
        Optional.of(store.getStatus()),
        objects,
        Optional.of(pod),
        Optional.empty(),
        Map.of());
  }

  @Test
  void nothingIsWrittenToAWorldThatIsAsItShouldBe() {
    assertThat(
            new Decider("holdfast/store:1.0")
                .decide(seen(), Instant.parse("2026-11-22T16:10:00Z"))
                .steps())
        .isEmpty();
  }

  @Test
  void oneForeignFieldIsSeenAmongAllTheDefaults() {
    service().getSpec().getPorts().getFirst().setTargetPort(new IntOrString(6380));

    assertThat(steps())
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.notice().orElseThrow().message())
                    .contains("somebody else's change of spec.ports.targetPort is put right"));
  }

  @Test
  void whatOthersAddToListsThatKubernetesMergesIsLeftToThem() {
    service()
        .getSpec()
        .getPorts()
        .addFirst(
            new ServicePortBuilder()
                .withName("exporter")
                .withPort(9121)
                .withProtocol("TCP")
                .build());
    var pod = set().getSpec().getTemplate().getSpec();
    var container = pod.getContainers().getFirst();
    container.getEnv().addFirst(new EnvVarBuilder().withName("TZ").withValue("UTC").build());
    container
        .getPorts()
        .addFirst(new ContainerPortBuilder().withContainerPort(9121).withProtocol("TCP").build());
    container
        .getVolumeMounts()
        .addFirst(new VolumeMountBuilder().withName("ca").withMountPath("/ca").build());
    pod.getVolumes().addFirst(new VolumeBuilder().withName("ca").build());
    pod.getContainers().addFirst(new ContainerBuilder().withName("sidecar").build());

    assertThat(steps()).isEmpty();
  }

  @Test
  void anItemOfOursThatIsGoneFromSuchAListIsMissed() {
    var env = set().getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv();
    env.set(0, new EnvVarBuilder().withName("TZ").withValue("UTC").build());

    assertThat(steps()).hasSize(1);
  }

  @Test
  void aListThatHasOneOwnerIsComparedWhole() {
    set().getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs().add("--verbose");

    assertThat(steps()).hasSize(1);
  }

  private List<Step> steps() {
    return new Decider("holdfast/store:1.0")
        .decide(seen(), Instant.parse("2026-11-22T16:10:00Z"))
        .steps();
  }

  private Service service() {
    return first(Service.class);
  }

  private StatefulSet set() {
    return first(StatefulSet.class);
  }

  private <T> T first(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
  }
}
