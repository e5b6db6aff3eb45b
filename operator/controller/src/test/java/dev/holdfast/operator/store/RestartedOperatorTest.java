package dev.holdfast.operator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.Condition;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.decide.Step;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The operator ends before every single step of a story, without a word in status, and another one
 * takes over: the story ends as it does with one operator, and no pod goes and no rewrite starts
 * once more than then.
 */
class RestartedOperatorTest {

  private static final String SPEC = "{storage: {size: 1Gi}, config: {hz: '50'}}";

  static Stream<Named<Consumer<World>>> stories() {
    return Stream.of(
        story("a store is created", world -> {}),
        story(
            "a setting changes live",
            spec("{config: {hz: '50'}, persistence: {appendfsync: always}}")),
        story("a directive asks for a restart", spec("{config: {hz: '50', databases: '4'}}")),
        story("a directive is taken out", spec("{}")),
        story("the image changes", spec("{config: {hz: '50'}, image: 'example.org/store:2'}")),
        story("the volume grows", spec("{storage: {size: 2Gi}, config: {hz: '50'}}")),
        story(
            "the password is gone",
            world -> {
              world.objects.remove("Secret/sessions-auth");
              world.settle();
            }),
        story(
            "the store is stopped and started",
            world -> {
              world.annotate(StoreAnnotations.STOP, "true");
              world.settle();
              world.annotate(StoreAnnotations.STOP, null);
              world.settle();
            }),
        story(
            "a rewrite is asked for",
            world -> {
              world.annotate(StoreAnnotations.REWRITE_NOW, "monday");
              world.settle();
            }),
        story(
            "somebody changes a setting of the server",
            world -> {
              world.live.put("hz", "7");
              world.settle();
            }));
  }

  private static Named<Consumer<World>> story(String name, Consumer<World> story) {
    return Named.of(name, story);
  }

  private static Consumer<World> spec(String yaml) {
    var rest = yaml.substring(1);
    var whole = yaml.contains("storage") ? yaml : "{storage: {size: 1Gi}, " + rest;
    return world -> {
      world.spec(whole);
      world.settle();
    };
  }

  @ParameterizedTest
  @MethodSource("stories")
  void anOperatorThatEndsBeforeEveryStepComesToTheSameEnd(Consumer<World> story) {
    var calm = World.with(SPEC).settle();
    story.accept(calm);

    var restless = World.with(SPEC);
    restless.operatorEndsBeforeEveryStep = true;
    restless.settle();
    story.accept(restless);

    assertThat(state(restless)).isEqualTo(state(calm));
    assertThat(restless.live).isEqualTo(calm.live);
    assertThat(levels(restless)).isEqualTo(levels(calm));
    assertThat(restless.taken(Step.ReplacePod.class))
        .hasSameSizeAs(calm.taken(Step.ReplacePod.class));
    assertThat(restless.taken(Step.StartRewrite.class))
        .hasSameSizeAs(calm.taken(Step.StartRewrite.class));
  }

  private static Map<String, String> levels(World world) {
    return world.status.orElseThrow().conditions().stream()
        .collect(Collectors.toMap(Condition::type, c -> c.status() + " " + c.reason()));
  }

  /** What was written, by the hash of the wish on each object. */
  private static Map<String, Map<String, String>> state(World world) {
    Map<String, Map<String, String>> state = new TreeMap<>();
    world.objects.forEach((name, object) -> state.put(name, annotations(object.getMetadata())));
    world.pod.ifPresent(pod -> state.put("Pod", annotations(pod.getMetadata())));
    return state;
  }

  /** Without the times at which the kubelet was asked for a file. */
  private static Map<String, String> annotations(ObjectMeta metadata) {
    Map<String, String> annotations = new TreeMap<>();
    if (metadata.getAnnotations() != null) {
      annotations.putAll(metadata.getAnnotations());
    }
    annotations.remove(StoreAnnotations.CONFIG_ASKED);
    return annotations;
  }
}
