package dev.holdfast.operator.sandbox.contract;

import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.configMap;
import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.labelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Listing, selecting and watching. */
class WatchContractTest {
  @RegisterExtension static final ClusterUnderTest cluster = new ClusterUnderTest();

  private final Api api = cluster.api();

  @Test
  void labelSelectorsAreByEqualityAndBySet() {
    api.post(cluster.configMaps(), labelled("sel-a", "{\"tier\": \"gold\", \"sel\": \"x\"}"));
    api.post(cluster.configMaps(), labelled("sel-b", "{\"tier\": \"tin\", \"sel\": \"x\"}"));
    api.post(cluster.configMaps(), labelled("sel-c", "{\"sel\": \"x\"}"));
    assertThat(selected("sel=x,tier=gold")).containsExactly("sel-a");
    assertThat(selected("sel=x,tier!=gold")).containsExactly("sel-b", "sel-c");
    assertThat(selected("sel=x,tier in (gold,tin)")).containsExactly("sel-a", "sel-b");
    assertThat(selected("sel=x,tier notin (gold)")).containsExactly("sel-b", "sel-c");
    assertThat(selected("sel=x,tier")).containsExactly("sel-a", "sel-b");
    assertThat(selected("sel=x,!tier")).containsExactly("sel-c");
  }

  @Test
  void fieldSelectorsKnowSomeFieldsAndRefuseOthers() {
    api.post(cluster.configMaps(), configMap("field-a", "{}"));
    api.post(cluster.configMaps(), configMap("field-b", "{}"));
    Api.Answer one = api.get(cluster.configMaps() + "?fieldSelector=metadata.name%3Dfield-a");
    assertThat(names(one.body().path("items"))).containsExactly("field-a");
    Api.Answer unknown = api.get(cluster.configMaps() + "?fieldSelector=data.x%3Dy");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.message()).contains("\"data.x\" is not a known field selector");
  }

  @Test
  void aListComesInPagesOfOneMoment() {
    for (String name : List.of("page-1", "page-2", "page-3")) {
      api.post(cluster.configMaps(), labelled(name, "{\"paged\": \"yes\"}"));
    }
    String query = cluster.configMaps() + "?labelSelector=paged%3Dyes&limit=2";
    JsonNode first = api.get(query).body();
    assertThat(names(first.path("items"))).containsExactly("page-1", "page-2");
    String token = first.path("metadata").path("continue").asText();
    assertThat(token).isNotEmpty();
    api.delete(cluster.configMaps() + "/page-3");
    JsonNode second = api.get(query + "&continue=" + token).body();
    assertThat(names(second.path("items"))).containsExactly("page-3");
    assertThat(second.path("metadata").has("continue")).isFalse();
    assertThat(second.path("metadata").path("resourceVersion").asText())
        .isEqualTo(first.path("metadata").path("resourceVersion").asText());
  }

  @Test
  void aWatchFromAVersionSeesWhatCameAfterItInOrder() {
    Api.Answer made = api.post(cluster.configMaps(), configMap("seen", "{}"));
    String path = cluster.configMaps() + "/seen";
    api.patch(path, Api.MERGE, "{\"data\": {\"a\": \"1\"}}");
    api.patch(path, Api.MERGE, "{\"data\": {\"a\": \"2\"}}");
    api.delete(path);
    List<JsonNode> events =
        api.watch(
            cluster.configMaps()
                + "?watch=true&timeoutSeconds=20&fieldSelector=metadata.name%3Dseen"
                + "&resourceVersion="
                + made.version(),
            event -> event.path("type").asText().equals("DELETED"));
    assertThat(events)
        .extracting(event -> event.path("type").asText())
        .containsExactly("MODIFIED", "MODIFIED", "DELETED");
    List<Long> versions = new ArrayList<>();
    events.forEach(
        event ->
            versions.add(event.path("object").path("metadata").path("resourceVersion").asLong()));
    assertThat(versions).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void anObjectThatLeavesASelectorLooksDeleted() {
    Api.Answer made = api.post(cluster.configMaps(), labelled("leaver", "{\"in\": \"yes\"}"));
    api.patch(
        cluster.configMaps() + "/leaver",
        Api.MERGE,
        "{\"metadata\": {\"labels\": {\"in\": \"no\"}}}");
    List<JsonNode> events =
        api.watch(
            cluster.configMaps()
                + "?watch=true&timeoutSeconds=20&labelSelector=in%3Dyes&resourceVersion="
                + made.version(),
            event -> event.path("type").asText().equals("DELETED"));
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().path("object").path("metadata").path("name").asText())
        .isEqualTo("leaver");
  }

  @Test
  void aWatchFromTooLongAgoIsTold() {
    List<JsonNode> events =
        api.watch(
            cluster.samples() + "?watch=true&timeoutSeconds=20&resourceVersion=1", event -> true);
    assertThat(events.getFirst().path("type").asText()).isEqualTo("ERROR");
    JsonNode status = events.getFirst().path("object");
    assertThat(status.path("code").asInt()).isEqualTo(410);
    assertThat(status.path("reason").asText()).isEqualTo("Expired");
    assertThat(status.path("message").asText()).contains("too old resource version: 1");
  }

  @Test
  void aWatchCanBeginWithAllThatIsThereAndSayWhenItIsThrough() {
    api.post(cluster.configMaps(), configMap("initial", "{}"));
    List<JsonNode> events =
        api.watch(
            cluster.configMaps()
                + "?watch=true&timeoutSeconds=20&sendInitialEvents=true&allowWatchBookmarks=true"
                + "&resourceVersionMatch=NotOlderThan&fieldSelector=metadata.name%3Dinitial",
            event -> event.path("type").asText().equals("BOOKMARK"));
    assertThat(events)
        .extracting(event -> event.path("type").asText())
        .containsExactly("ADDED", "BOOKMARK");
    JsonNode mark = events.getLast().path("object").path("metadata");
    assertThat(mark.path("annotations").path("k8s.io/initial-events-end").asText())
        .isEqualTo("true");
    assertThat(mark.path("resourceVersion").asLong()).isPositive();
  }

  @Test
  void anInformerOfTheClientFollowsAlong() {
    List<String> seen = new CopyOnWriteArrayList<>();
    var handler =
        new ResourceEventHandler<ConfigMap>() {
          @Override
          public void onAdd(ConfigMap map) {
            seen.add("+" + map.getMetadata().getName());
          }

          @Override
          public void onUpdate(ConfigMap before, ConfigMap after) {
            if (!before
                .getMetadata()
                .getResourceVersion()
                .equals(after.getMetadata().getResourceVersion())) {
              seen.add("~" + after.getMetadata().getName());
            }
          }

          @Override
          public void onDelete(ConfigMap map, boolean unknown) {
            seen.add("-" + map.getMetadata().getName());
          }
        };
    var maps = cluster.client().configMaps().inNamespace(cluster.namespace());
    try (var informer = maps.withLabel("informed", "yes").inform(handler)) {
      var map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName("informed")
              .addToLabels("informed", "yes")
              .endMetadata()
              .build();
      maps.resource(map).create();
      maps.withName("informed").edit(one -> new ConfigMapBuilder(one).addToData("a", "1").build());
      maps.withName("informed").delete();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> seen.contains("-informed") && informer.isRunning());
    }
    assertThat(seen).containsExactly("+informed", "~informed", "-informed");
  }

  private List<String> selected(String selector) {
    String encoded = java.net.URLEncoder.encode(selector, java.nio.charset.StandardCharsets.UTF_8);
    return names(api.get(cluster.configMaps() + "?labelSelector=" + encoded).body().path("items"));
  }

  private static List<String> names(JsonNode items) {
    List<String> names = new ArrayList<>();
    items.forEach(item -> names.add(item.path("metadata").path("name").asText()));
    return names;
  }
}
