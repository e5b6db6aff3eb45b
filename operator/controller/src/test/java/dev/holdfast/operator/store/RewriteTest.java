package dev.holdfast.operator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.decide.Notice;
import dev.holdfast.operator.store.decide.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RewriteTest {

  private static final long MEBI = 1L << 20;

  @Test
  void eachNewTextStartsOneRewrite() {
    var world = World.with("storage: {size: 1Gi}").settle();

    world.annotate(StoreAnnotations.REWRITE_NOW, "monday");
    world.settle();
    world.settle();
    assertThat(world.taken(Step.StartRewrite.class)).hasSize(1);
    assertThat(world.status.orElseThrow().handledRewriteRequest()).isEqualTo("monday");
    assertThat(world.status.orElseThrow().aof().lastRewrite().result()).isEqualTo("ok");
    assertThat(world.reasons()).contains("RewriteStarted", "RewriteFinished");

    world.annotate(StoreAnnotations.REWRITE_NOW, "tuesday");
    world.settle();
    assertThat(world.taken(Step.StartRewrite.class)).hasSize(2);
  }

  @Test
  void aNewOperatorDoesNotRepeatARewriteThatWasAskedForBefore() {
    var world = World.with("storage: {size: 1Gi}").settle();
    world.annotate(StoreAnnotations.REWRITE_NOW, "monday");
    world.settle();

    world.newOperator(World.NEWEST_IMAGE);
    world.settle();

    assertThat(world.taken(Step.StartRewrite.class)).hasSize(1);
  }

  @Test
  void aRequestWaitsForTheRewriteThatRuns() {
    var world = World.with("storage: {size: 1Gi}").settle();
    world.info = World.info(MEBI, MEBI, 0, true);
    world.annotate(StoreAnnotations.REWRITE_NOW, "monday");

    assertThat(world.plan().steps()).isEmpty();
    assertThat(world.plan().underWay()).isTrue();

    world.info = World.info(MEBI, MEBI, 1, false);
    assertThat(world.plan().steps()).hasOnlyElementsOfType(Step.StartRewrite.class);
  }

  @Test
  void aFileThatHasDoubledIsRewritten() {
    var world = World.with("storage: {size: 1Gi}").settle();

    world.info = World.info(199 * MEBI, 100 * MEBI, 1, false);
    assertThat(world.plan().steps()).isEmpty();

    world.info = World.info(200 * MEBI, 100 * MEBI, 1, false);
    assertThat(world.plan().steps()).hasOnlyElementsOfType(Step.StartRewrite.class);
  }

  @Test
  void aSmallFileIsNeverRewrittenByItself() {
    var world = World.with("storage: {size: 1Gi}").settle();

    world.info = World.info(64 * MEBI, MEBI, 1, false);

    assertThat(world.plan().steps()).isEmpty();
  }

  @Test
  void zeroPercentMeansThatTheOperatorStartsNone() {
    var world =
        World.with("{storage: {size: 1Gi}, persistence: {autoAofRewritePercentage: 0}}").settle();

    world.info = World.info(900 * MEBI, MEBI, 1, false);

    assertThat(world.plan().steps()).isEmpty();
  }

  @Test
  void aRewriteInANewProcessOfTheServerIsSeenAlsoWithTheSameCount() {
    var world = World.with("storage: {size: 1Gi}").settle();
    world.info = World.info("first", MEBI, MEBI, 1, false, true);
    world.settle();
    world.told.clear();

    world.info = World.info("second", MEBI, MEBI, 0, false, true);
    world.settle();
    assertThat(world.reasons()).as("it has only started").doesNotContain("RewriteFinished");

    world.info = World.info("second", MEBI, MEBI, 1, false, true);
    world.settle();
    assertThat(world.reasons()).containsOnlyOnce("RewriteFinished");
    assertThat(world.status.orElseThrow().aof().lastRewrite().runId()).isEqualTo("second");
  }

  @Test
  void aRewriteThatANewProcessFinishedBeforeTheFirstLookIsSeen() {
    var world = World.with("storage: {size: 1Gi}").settle();
    world.info = World.info("first", MEBI, MEBI, 1, false, true);
    world.settle();
    world.told.clear();

    world.info = World.info("second", MEBI, MEBI, 1, false, false);
    world.settle();

    assertThat(world.told)
        .extracting(Notice::message)
        .containsOnlyOnce("the server reports a failed rewrite: see its log");
  }

  @Test
  void afterAFailureTheNextOneWaitsFiveMinutes() {
    var world = World.with("storage: {size: 1Gi}").settle();
    world.info = World.info("second", 300 * MEBI, 100 * MEBI, 1, false, false);

    world.settle();
    assertThat(world.taken(Step.StartRewrite.class)).isEmpty();

    world.now = world.now.plus(Duration.ofMinutes(5));
    assertThat(world.plan().steps()).hasOnlyElementsOfType(Step.StartRewrite.class);
  }

  @Test
  void aRequestIsAnsweredAgainWhenTheOperatorEndsBeforeItsStatusSaysSoAndNeverLost() {
    var world = World.with("storage: {size: 1Gi}").settle();
    world.annotate(StoreAnnotations.REWRITE_NOW, "monday");

    world.actAndEnd();
    world.newOperator(World.NEWEST_IMAGE);
    world.settle();

    assertThat(world.taken(Step.StartRewrite.class)).hasSize(2);
    assertThat(world.status.orElseThrow().handledRewriteRequest()).isEqualTo("monday");
    world.newOperator(World.NEWEST_IMAGE);
    assertThat(world.plan().steps()).isEmpty();
  }
}
