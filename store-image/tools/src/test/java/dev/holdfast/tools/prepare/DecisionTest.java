package dev.holdfast.tools.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.check.AofCheck;
import dev.holdfast.formats.check.FileCheck;
import dev.holdfast.formats.check.FileKind;
import dev.holdfast.formats.check.Reason;
import dev.holdfast.formats.check.Verdict;
import dev.holdfast.tools.prepare.Decision.Act;
import dev.holdfast.tools.prepare.Decision.Owner;
import dev.holdfast.tools.prepare.Decision.Rules;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecisionTest {

  private static final Rules DEFAULT = new Rules(RecoveryPolicy.AUTOMATIC, 4096, false, true, "");

  @ParameterizedTest
  @EnumSource(names = {"CLEAN", "EMPTY"})
  void good_data_passes(Verdict verdict) {
    var decision = Decision.of(check(verdict, 0), Owner.OURS, DEFAULT);
    assertThat(decision.act()).isEqualTo(Act.PASS);
    assertThat(decision.reason()).isEqualTo(Reason.CLEAN);
  }

  @ParameterizedTest
  @EnumSource(names = {"TRUNCATED_TAIL", "CORRUPT_TAIL"})
  void a_damaged_tail_is_cut_up_to_the_budget_and_not_one_byte_more(Verdict verdict) {
    var within = Decision.of(check(verdict, 4096), Owner.OURS, DEFAULT);
    assertThat(within.act()).isEqualTo(Act.CUT);
    assertThat(within.reason()).isEqualTo(Reason.WITHIN_BUDGET);
    var beyond = Decision.of(check(verdict, 4097), Owner.OURS, DEFAULT);
    assertThat(beyond.act()).isEqualTo(Act.PARK);
    assertThat(beyond.reason()).isEqualTo(Reason.BUDGET_EXCEEDED);
  }

  @Test
  void the_policy_TruncateTail_cuts_within_the_budget_too() {
    var rules = new Rules(RecoveryPolicy.TRUNCATE_TAIL, 4096, false, true, "");
    assertThat(Decision.of(check(Verdict.CORRUPT_TAIL, 9), Owner.OURS, rules).act())
        .isEqualTo(Act.CUT);
  }

  @Test
  void the_policy_Manual_cuts_nothing_on_its_own() {
    var rules = new Rules(RecoveryPolicy.MANUAL, 4096, false, true, "");
    var decision = Decision.of(check(Verdict.CORRUPT_TAIL, 1), Owner.OURS, rules);
    assertThat(decision.act()).isEqualTo(Act.PARK);
    assertThat(decision.reason()).isEqualTo(Reason.POLICY_MANUAL);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CORRUPT_MIDDLE", "CORRUPT_BASE", "MISSING_FILE", "BAD_MANIFEST", "UNCLAIMED_FILES"})
  void anything_else_parks_however_small(Verdict verdict) {
    var decision = Decision.of(check(verdict, 1), Owner.OURS, DEFAULT);
    assertThat(decision.act()).isEqualTo(Act.PARK);
    assertThat(decision.reason()).isEqualTo(Reason.NOT_REPAIRABLE);
  }

  @Test
  void a_grant_that_names_the_verdict_lets_it_go_on() {
    var check = check(Verdict.CORRUPT_MIDDLE, 100_000);
    var granted =
        Decision.of(check, Owner.OURS, granting(Decision.of(check, Owner.OURS, DEFAULT).id()));
    assertThat(granted.act()).isEqualTo(Act.CUT);
    assertThat(granted.reason()).isEqualTo(Reason.GRANTED);
  }

  @Test
  void what_cannot_be_cut_is_set_aside_when_granted() {
    var check = check(Verdict.MISSING_FILE, 10);
    var granted =
        Decision.of(check, Owner.OURS, granting(Decision.of(check, Owner.OURS, DEFAULT).id()));
    assertThat(granted.act()).isEqualTo(Act.SET_ASIDE);
  }

  @Test
  void a_grant_for_other_damage_does_nothing() {
    var smaller = Decision.of(check(Verdict.CORRUPT_TAIL, 5000), Owner.OURS, DEFAULT);
    var larger = check(Verdict.CORRUPT_TAIL, 9000);
    assertThat(Decision.of(larger, Owner.OURS, granting(smaller.id())))
        .isEqualTo(Decision.of(larger, Owner.OURS, DEFAULT));
  }

  @Test
  void another_stores_volume_parks_even_when_its_data_is_good() {
    var decision = Decision.of(check(Verdict.CLEAN, 0), Owner.FOREIGN, DEFAULT);
    assertThat(decision.act()).isEqualTo(Act.PARK);
    assertThat(decision.reason()).isEqualTo(Reason.FOREIGN_VOLUME);
    assertThat(Decision.of(check(Verdict.CLEAN, 0), Owner.FOREIGN, granting(decision.id())).act())
        .isEqualTo(Act.PASS);
  }

  @Test
  void taking_over_a_volume_does_not_approve_its_damage() {
    var check = check(Verdict.CORRUPT_MIDDLE, 100);
    var foreign = Decision.of(check, Owner.FOREIGN, DEFAULT);
    var decision = Decision.of(check, Owner.FOREIGN, granting(foreign.id()));
    assertThat(decision.act()).isEqualTo(Act.PARK);
    assertThat(decision.reason()).isEqualTo(Reason.NOT_REPAIRABLE);
  }

  @Test
  void an_empty_volume_parks_where_data_is_expected() {
    var expecting = new Rules(RecoveryPolicy.AUTOMATIC, 4096, true, true, "");
    var decision = Decision.of(check(Verdict.EMPTY, 0), Owner.OURS, expecting);
    assertThat(decision.act()).isEqualTo(Act.PARK);
    assertThat(decision.reason()).isEqualTo(Reason.VOLUME_EMPTY);
  }

  @Test
  void what_was_never_promised_is_cut_whatever_its_size() {
    var found = check(Verdict.CORRUPT_TAIL, 1 << 30);
    var unpromised =
        new AofCheck(
            found.verdict(), found.file(), found.offset(), 1 << 30, 4096, 9, "", found.files());
    var rules = new Rules(RecoveryPolicy.AUTOMATIC, 4096, true, true, "");

    assertThat(Decision.of(found, Owner.OURS, rules).act()).isEqualTo(Act.PARK);
    assertThat(Decision.of(unpromised, Owner.OURS, rules).act()).isEqualTo(Act.CUT);
  }

  @Test
  void a_store_without_aof_may_have_saved_nothing_yet_but_not_lost_its_identity() {
    var expecting = new Rules(RecoveryPolicy.AUTOMATIC, 4096, true, false, "");
    assertThat(Decision.of(check(Verdict.EMPTY, 0), Owner.OURS, expecting).act())
        .isEqualTo(Act.PASS);
    assertThat(Decision.of(check(Verdict.EMPTY, 0), Owner.NOBODY, expecting).act())
        .isEqualTo(Act.PARK);
  }

  private static Rules granting(String id) {
    return new Rules(RecoveryPolicy.AUTOMATIC, 4096, false, true, id);
  }

  private static AofCheck check(Verdict verdict, long bytesAtStake) {
    var file =
        new FileCheck(
            Path.of("/data/appendonlydir/x"),
            "x",
            FileKind.INCR,
            BaseFormat.AOF,
            1000 + bytesAtStake,
            1000,
            1,
            10,
            0,
            0,
            bytesAtStake,
            verdict,
            "",
            Optional.empty());
    boolean damaged = !verdict.isGood();
    return new AofCheck(
        verdict,
        damaged ? Optional.of("appendonlydir/x") : Optional.empty(),
        damaged ? OptionalLong.of(1000) : OptionalLong.empty(),
        bytesAtStake,
        bytesAtStake,
        0,
        "",
        List.of(file));
  }
}
