package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.ByteSize;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.RewriteStatus;
import dev.holdfast.operator.api.v1alpha1.StoreAnnotations;
import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.ServerAttempts;
import dev.holdfast.operator.store.observe.ServerFacts;
import dev.holdfast.operator.store.observe.ServerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a rewrite is due: because somebody asks for one, or because the file has grown. The
 * server's own automatic rewrite is set far higher and is only the safety net.
 *
 * @param start the one to start now; empty when none is due
 * @param handledRequest the last request that a server has accepted
 */
public record Rewrites(Optional<Start> start, Optional<String> handledRequest) {

  private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);
  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);

  /**
   * A rewrite to start.
   *
   * @param request the text of the request that is answered with it, if it is one
   */
  public record Start(Optional<String> request, Notice why) {}

  static Rewrites decide(Observation seen, Instant now) {
    var attempt = Optional.ofNullable(seen.attempts().get(ServerAttempts.REWRITE));
    var handled =
        attempt
            .filter(ServerAttempts.Attempt::accepted)
            .map(ServerAttempts.Attempt::wanted)
            .filter(text -> !text.isEmpty())
            .or(() -> seen.status().map(PersistentStoreStatus::handledRewriteRequest));
    var info = seen.facts().flatMap(ServerFacts::serving).map(ServerFacts.Up::info);
    var refusedLately =
        attempt.filter(a -> !a.accepted() && a.time().plus(AFTER_REFUSAL).isAfter(now)).isPresent();
    if (info.isEmpty() || !info.get().aofEnabled() || info.get().rewriting() || refusedLately) {
      return new Rewrites(Optional.empty(), handled);
    }
    var request = seen.annotation(StoreAnnotations.REWRITE_NOW).filter(text -> !text.isBlank());
    if (request.isPresent() && !request.equals(handled)) {
      var why = "asked for by " + StoreAnnotations.REWRITE_NOW + ": " + request.get();
      return new Rewrites(
          Optional.of(new Start(request, Notice.normal("RewriteStarted", why))), handled);
    }
    return new Rewrites(
        growth(seen, info.get(), now).map(why -> new Start(Optional.empty(), why)), handled);
  }

  private static Optional<Notice> growth(Observation seen, ServerInfo info, Instant now) {
    var persistence = seen.store().getSpec().persistence();
    var percentage = persistence.autoAofRewritePercentage();
    if (percentage == 0
        || info.aofCurrentSize() <= ByteSize.parse(persistence.autoAofRewriteMinSize())
        || failedLately(seen, info, now)) {
      return Optional.empty();
    }
    var base = Math.max(info.aofBaseSize(), 1);
    var growth = info.aofCurrentSize() * 100.0 / base - 100;
    if (growth < percentage) {
      return Optional.empty();
    }
    return Optional.of(
        Notice.normal(
            "RewriteStarted",
            "the append-only file has grown from "
                + ByteSize.print(info.aofBaseSize())
                + " to "
                + ByteSize.print(info.aofCurrentSize())));
  }

  /** A failure that status does not tell of yet has happened just now. */
  private static boolean failedLately(Observation seen, ServerInfo info, Instant now) {
    var last =
        seen.status()
            .map(PersistentStoreStatus::aof)
            .map(PersistentStoreStatus.AofStatus::lastRewrite);
    return !info.lastRewriteOk()
        && (endedSince(last, info)
            || last.map(rewrite -> Instant.parse(rewrite.time()).plus(AFTER_FAILURE).isAfter(now))
                .orElse(false));
  }

  /**
   * Whether a rewrite has ended since the one that status tells of. A server counts its rewrites
   * from its start, so a count means something only together with the run that it belongs to.
   *
   * @param last what status tells of
   */
  public static boolean endedSince(Optional<RewriteStatus> last, ServerInfo info) {
    var known =
        last.filter(rewrite -> rewrite.runId() == null || rewrite.runId().equals(info.runId()))
            .map(RewriteStatus::count)
            .orElse(0L);
    return !info.rewriting() && info.rewrites() > 0 && info.rewrites() != known;
  }
}
