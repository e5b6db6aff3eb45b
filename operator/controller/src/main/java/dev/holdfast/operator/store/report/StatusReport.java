package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.ByteSize;
import dev.holdfast.operator.api.v1alpha1.Condition.Status;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.AofStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.CheckStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.MemoryStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.RepairStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.RewriteStatus;
import dev.holdfast.operator.store.decide.Plan;
import dev.holdfast.operator.store.decide.Problem;
import dev.holdfast.operator.store.decide.Rewrites;
import dev.holdfast.operator.store.observe.CheckReport;
import dev.holdfast.operator.store.observe.Names;
import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.ServerFacts;
import dev.holdfast.operator.store.observe.ServerInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Writes the status. A pure function of what was seen and planned; facts that nobody can see at the
 * moment keep their last value, conditions do not.
 */
public final class StatusReport {

  private static final long LEAST_CHANGE = 4L << 10;

  private final Observation seen;
  private final Plan plan;
  private final List<Problem> problems;
  private final Instant now;
  private final Optional<PersistentStoreStatus> before;
  private final Optional<ServerFacts.Up> serving;
  private final Optional<CheckReport> check;

  private StatusReport(Observation seen, Plan plan, List<Problem> problems, Instant now) {
    this.seen = seen;
    this.plan = plan;
    this.problems = problems;
    this.now = now;
    this.before = seen.status();
    this.serving = seen.facts().flatMap(ServerFacts::serving);
    this.check = seen.facts().flatMap(ServerFacts::check);
  }

  /**
   * The status of a store.
   *
   * @param problems what stands in the way, the plan's problems included
   */
  public static PersistentStoreStatus of(
      Observation seen, Plan plan, List<Problem> problems, Instant now) {
    return new StatusReport(seen, plan, problems, now).write();
  }

  private PersistentStoreStatus write() {
    var conditions = Levels.of(seen, plan, problems, now);
    var ready =
        Conditions.find(conditions, "Ready").filter(c -> c.status() == Status.TRUE).isPresent();
    var names = Names.of(seen.store());
    return new PersistentStoreStatus(
        seen.store().getMetadata().getGeneration(),
        plan.storeId().orElse(null),
        plan.image(),
        before
            .map(PersistentStoreStatus::firstReadyTime)
            .orElse(ready ? now.truncatedTo(ChronoUnit.SECONDS).toString() : null),
        names.host() + ":6379",
        names.secret(),
        serving
            .map(Durability::of)
            .or(() -> before.map(PersistentStoreStatus::durability))
            .orElse(null),
        aof(),
        new MemoryStatus(plan.memory().maxmemory(), plan.memory().source()),
        check
            .map(StatusReport::status)
            .or(() -> before.map(PersistentStoreStatus::lastCheck))
            .orElse(null),
        check
            .flatMap(StatusReport::repair)
            .or(() -> before.map(PersistentStoreStatus::lastRepair))
            .orElse(null),
        plan.handledRewriteRequest().orElse(null),
        conditions);
  }

  /** Sizes change all the time; only a change that a person would notice is worth a write. */
  private AofStatus aof() {
    var old = before.map(PersistentStoreStatus::aof);
    if (serving.isEmpty()) {
      return old.orElse(null);
    }
    var info = serving.get().info();
    var size = settled(old.map(AofStatus::sizeBytes), info.aofCurrentSize());
    return new AofStatus(
        ByteSize.print(size),
        size,
        info.aofBaseSize(),
        info.rewriting(),
        rewrite(old.map(AofStatus::lastRewrite), info));
  }

  private static long settled(Optional<Long> before, long now) {
    return before
        .filter(old -> Math.abs(now - old) < Math.max(LEAST_CHANGE, old / 20))
        .filter(old -> old != 0 || now == 0)
        .orElse(now);
  }

  /**
   * The server does not say when its last rewrite ended, only how many there were since its start;
   * seeing the count change is seeing one end.
   */
  private RewriteStatus rewrite(Optional<RewriteStatus> old, ServerInfo info) {
    if (!Rewrites.endedSince(old, info)) {
      return old.orElse(null);
    }
    return new RewriteStatus(
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        info.lastRewriteOk() ? "ok" : "err",
        Math.max(info.lastRewriteSeconds(), 0),
        info.rewrites(),
        info.runId());
  }

  private static CheckStatus status(CheckReport check) {
    return new CheckStatus(
        check.id(),
        check.time(),
        check.verdict(),
        check.state(),
        check.reason(),
        check.file(),
        check.offset(),
        check.bytesAtStake(),
        check.commandsAtStake(),
        check.message(),
        check.action());
  }

  private static Optional<RepairStatus> repair(CheckReport check) {
    return Optional.ofNullable(check.dropped())
        .filter(dropped -> check.repaired())
        .map(
            dropped ->
                new RepairStatus(
                    check.time(),
                    check.verdict(),
                    check.reason(),
                    dropped.bytes(),
                    dropped.commands(),
                    dropped.quarantine()));
  }
}
