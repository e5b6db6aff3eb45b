package dev.holdfast.operator.store.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.World;
import org.junit.jupiter.api.Test;

class RestartHashTest {

  private static final String EVERYTHING =
      """
      {storage: {size: 1Gi}, image: 'example.org/store:1', config: {databases: '4', hz: '10'},
       resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}},
       pod: {nodeSelector: {disk: ssd}, tolerations: [{key: a, operator: Exists}],
             affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [n]}]}]}}}}}
      """;

  private static String hash(String spec) {
    var world = World.with(spec).settle();
    return world
        .pod
        .orElseThrow()
        .getMetadata()
        .getAnnotations()
        .get(StoreAnnotations.RESTART_HASH);
  }

  @Test
  void itIsTheSameInEveryVersionOfTheOperator() {
    assertThat(hash("storage: {size: 1Gi}"))
        .as(
            "a change of this value restarts every store in the world when the operator is upgraded")
        .isEqualTo("dcdcc186ef07b897");
    assertThat(hash(EVERYTHING)).isEqualTo("6e9528b29c1cdac7");
  }

  @Test
  void whatCanChangeLiveIsNoPartOfIt() {
    assertThat(
            hash(
                "{storage: {size: 2Gi}, persistence: {appendfsync: always}, config: {hz: '20'}, recovery: {policy: Manual}, pod: {labels: {a: b}}}"))
        .isEqualTo(hash("storage: {size: 1Gi}"));
  }

  @Test
  void whatOnlyAStartCanChangeIs() {
    assertThat(hash("{storage: {size: 1Gi}, config: {databases: '4'}}"))
        .isNotEqualTo(hash("storage: {size: 1Gi}"));
    assertThat(hash("{storage: {size: 1Gi}, resources: {limits: {memory: 1Gi}}}"))
        .isNotEqualTo(hash("storage: {size: 1Gi}"));
    assertThat(hash("{storage: {size: 1Gi}, pod: {nodeSelector: {a: b}}}"))
        .isNotEqualTo(hash("storage: {size: 1Gi}"));
  }
}
