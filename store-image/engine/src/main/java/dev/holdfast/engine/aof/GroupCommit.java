package dev.holdfast.engine.aof;

/**
 * When a group of effects is closed under {@code appendfsync always}. All clients whose replies
 * leave after a sync write again a moment later. If the next sync began at once, they would have to
 * wait for it and for one more: the clients would fall into two halves that take turns, and each
 * sync would serve one half only. So after a sync the log waits a little for as many effects as
 * that sync has answered.
 *
 * <p>Where they do not come back in that time (other clients than before, a client that thinks),
 * waiting only costs: after a wait in vain the next ones are left out, twice as many each time.
 *
 * <p>Command thread only.
 */
final class GroupCommit {
  private static final int MOST_DOUBLINGS = 6;

  private long waiting;
  private long underWay;

  private boolean gathering;
  private long atFirst;
  private long expected;
  private long until;

  private int inVain;
  private int leftOut;

  /** One effect came into the present group. */
  void appended() {
    waiting++;
  }

  /** The present group goes to the disk. */
  void handedOver() {
    if (gathering) {
      gathering = false;
      judge();
    }
    underWay += waiting;
    waiting = 0;
  }

  private void judge() {
    boolean paid = 2 * (waiting - atFirst) >= expected - atFirst;
    inVain = paid ? 0 : Math.min(inVain + 1, MOST_DOUBLINGS);
    leftOut = paid ? 0 : 1 << inVain;
  }

  /** Whether replies wait for a sync. */
  boolean isUnderWay() {
    return underWay > 0;
  }

  /**
   * All that was handed over is durable, and its replies leave.
   *
   * @param mostNanos how long the next group may stay open for them; 0: not at all
   */
  void durable(long nowNanos, long mostNanos) {
    if (leftOut > 0) {
      leftOut--;
    } else if (mostNanos > 0) {
      gathering = true;
      atFirst = waiting;
      expected = waiting + underWay;
      until = nowNanos + mostNanos;
    }
    underWay = 0;
  }

  /** Whether the present group should stay open for more. */
  boolean gathers(long nowNanos) {
    return gathering && waiting < expected && nowNanos - until < 0;
  }
}
