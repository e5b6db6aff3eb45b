package dev.holdfast.tools.prepare;

import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Report;
import dev.holdfast.formats.check.Verdict;

/**
 * What to do about a checked volume: steps 1, 2 and 5 of the recovery ladder, as a function of what
 * was found and what is allowed.
 *
 * @param act what is done
 * @param reason why, for the report
 * @param id of the verdict; what a grant has to name
 */
record Decision(Act act, Reason reason, String id) {

  /** The ways to go on. */
  enum Act {
    /** Become the server. */
    PASS,
    /**
     * Cut the end of the AOF from the damage on, after it went to quarantine, then become the
     * server.
     */
    CUT,
    /** Move all data files to quarantine, then become the server, which starts empty. */
    SET_ASIDE,
    /** Wait for a decision. */
    PARK
  }

  /** Whose volume it is. */
  enum Owner {
    /** It carries our identity, or identities do not matter. */
    OURS,
    /** It carries none. */
    NOBODY,
    /** It carries another store's. */
    FOREIGN
  }

  /**
   * @param appendOnly whether the store's data is in the AOF: such a store has files from its first
   *     start on, one without may have none for long
   * @param grant id of the verdict that a person approved; empty for none
   */
  record Rules(
      RecoveryPolicy policy,
      long maxDataLoss,
      boolean expectData,
      boolean appendOnly,
      String grant) {}

  /**
   * Decides. A grant is looked at only where a decision is needed, and only if it names this very
   * verdict; it then means what the report of the parked pod announced as its {@code action}.
   */
  static Decision of(AofCheck check, Owner owner, Rules rules) {
    if (owner == Owner.FOREIGN) {
      String id = Report.idOf(check, Reason.FOREIGN_VOLUME);
      if (!id.equals(rules.grant())) {
        return new Decision(Act.PARK, Reason.FOREIGN_VOLUME, id);
      }
      var asOurs = of(check, Owner.OURS, rules);
      return asOurs.act() == Act.PASS ? new Decision(Act.PASS, Reason.GRANTED, id) : asOurs;
    }
    if (check.verdict() == Verdict.EMPTY
        && rules.expectData()
        && (rules.appendOnly() || owner == Owner.NOBODY)) {
      return unlessGranted(check, Reason.VOLUME_EMPTY, Act.PASS, rules);
    }
    if (check.verdict().isGood()) {
      return new Decision(Act.PASS, Reason.CLEAN, Report.idOf(check, Reason.CLEAN));
    }
    if (check.verdict().isTail()) {
      return tail(check, rules);
    }
    return unlessGranted(check, Reason.NOT_REPAIRABLE, whenGranted(check), rules);
  }

  /** What the approval of damage means that no budget covers. */
  static Act whenGranted(AofCheck check) {
    return DamagePlan.of(check).isPresent() ? Act.CUT : Act.SET_ASIDE;
  }

  private static Decision tail(AofCheck check, Rules rules) {
    if (rules.policy() == RecoveryPolicy.MANUAL) {
      return unlessGranted(check, Reason.POLICY_MANUAL, Act.CUT, rules);
    }
    if (check.promisedBytes() > rules.maxDataLoss()) {
      return unlessGranted(check, Reason.BUDGET_EXCEEDED, Act.CUT, rules);
    }
    return new Decision(Act.CUT, Reason.WITHIN_BUDGET, Report.idOf(check, Reason.WITHIN_BUDGET));
  }

  private static Decision unlessGranted(
      AofCheck check, Reason reason, Act whenGranted, Rules rules) {
    String id = Report.idOf(check, reason);
    return id.equals(rules.grant())
        ? new Decision(whenGranted, Reason.GRANTED, id)
        : new Decision(Act.PARK, reason, id);
  }
}
