package dev.holdfast.engine.aof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long a group of effects stays open for those that the sync before it answered. */
class GroupCommitTest {
  private static final long LONGEST = 100_000;

  private final GroupCommit group = new GroupCommit();
  private long now = 1_000_000_000;

  private void appended(int effects) {
    for (int i = 0; i < effects; i++) {
      group.appended();
    }
  }

  /** A group of so many effects that is durable now. */
  private void answered(int effects) {
    appended(effects);
    group.handedOver();
    group.durable(now, LONGEST);
  }

  /** The present group goes, a hundred effects are answered, and one of them comes back. */
  private boolean nextIsHeld() {
    group.handedOver();
    answered(100);
    appended(1);
    return group.gathers(now);
  }

  @Test
  void theFirstEffectsDoNotWait() {
    appended(1);
    assertThat(group.gathers(now)).isFalse();
  }

  @Test
  void aGroupStaysOpenUntilAsManyAreThereAsWereAnswered() {
    answered(25);
    appended(24);
    assertThat(group.gathers(now)).isTrue();
    appended(1);
    assertThat(group.gathers(now)).isFalse();
  }

  @Test
  void thoseThatCameDuringTheSyncAreNotTakenForThem() {
    appended(12);
    group.handedOver();
    appended(13);
    group.durable(now, LONGEST);
    assertThat(group.gathers(now)).isTrue();
    appended(12);
    assertThat(group.gathers(now)).isFalse();
  }

  @Test
  void itStaysOpenNoLongerThanItMay() {
    answered(25);
    appended(1);
    assertThat(group.gathers(now + LONGEST - 1)).isTrue();
    assertThat(group.gathers(now + LONGEST)).isFalse();
  }

  @Test
  void itDoesNotStayOpenWhereSyncsAreFast() {
    appended(25);
    group.handedOver();
    group.durable(now, 0);
    appended(1);
    assertThat(group.gathers(now)).isFalse();
  }

  @Test
  void oneClientNeverWaits() {
    for (int i = 0; i < 10; i++) {
      answered(1);
      appended(1);
      assertThat(group.gathers(now)).isFalse();
      group.handedOver();
      group.durable(now, LONGEST);
    }
  }

  @Test
  void afterAWaitInVainTheNextOnesAreLeftOutTwiceAsManyEachTime() {
    assertThat(nextIsHeld()).isTrue();
    for (int leftOut : new int[] {2, 4, 8, 16, 32, 64, 64}) {
      for (int i = 0; i < leftOut; i++) {
        assertThat(nextIsHeld()).as("%d of %d", i, leftOut).isFalse();
      }
      assertThat(nextIsHeld()).as("after %d", leftOut).isTrue();
    }
  }

  @Test
  void aWaitThatPaidIsRepeatedAtOnce() {
    nextIsHeld();
    group.handedOver();
    for (int i = 0; i < 3; i++) {
      answered(25);
    }
    for (int i = 0; i < 10; i++) {
      appended(24);
      assertThat(group.gathers(now)).isTrue();
      appended(1);
      group.handedOver();
      group.durable(now, LONGEST);
    }
  }
}
