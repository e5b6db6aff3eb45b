package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.Condition;
import dev.holdfast.operator.api.v1alpha1.Condition.Status;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus;
import dev.holdfast.operator.store.decide.Notice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What changed between two statuses that is worth an event. */
public final class Transitions {

  /** Conditions whose coming and going people are told about, and whether True is good. */
  private static final List<String> GOOD = List.of("Ready", "PersistenceHealthy");

  private static final List<String> BAD = List.of("RecoveryRequired", "DiskPressure", "Stalled");

  private Transitions() {}

  /** The events, in no particular order. */
  public static List<Notice> between(
      Optional<PersistentStoreStatus> before, PersistentStoreStatus after) {
    List<Notice> notices = new ArrayList<>();
    var old = before.map(PersistentStoreStatus::conditions).orElse(List.of());
    BAD.forEach(
        type -> change(old, after.conditions(), type, Status.FALSE).ifPresent(notices::add));
    GOOD.forEach(
        type -> change(old, after.conditions(), type, Status.TRUE).ifPresent(notices::add));
    repair(before, after).ifPresent(notices::add);
    rewrite(before, after).ifPresent(notices::add);
    return once(notices);
  }

  /**
   * What stalls a store usually shows in several conditions; people are told once, in the words of
   * the first.
   */
  private static List<Notice> once(List<Notice> notices) {
    Set<String> messages = new HashSet<>();
    return notices.stream().filter(notice -> messages.add(notice.message())).toList();
  }

  private static Optional<Notice> change(
      List<Condition> before, List<Condition> after, String type, Status good) {
    var then = Conditions.find(before, type).map(Condition::status).orElse(Status.UNKNOWN);
    var now = Conditions.find(after, type).orElseThrow();
    var told = now.reason().equals("SettingRefused"); // by who sent the setting, with its value
    if (now.status() == then || now.status() == Status.UNKNOWN || told) {
      return Optional.empty();
    }
    if (now.status() == good) {
      var firstLook = then == Status.UNKNOWN && !type.equals("Ready");
      return firstLook
          ? Optional.empty()
          : Optional.of(
              new Notice(false, type.equals("Ready") ? "Ready" : type + "Ended", now.message()));
    }
    var neverReady = type.equals("Ready") && then == Status.UNKNOWN;
    return neverReady
        ? Optional.empty()
        : Optional.of(new Notice(true, badReason(type, now), now.message()));
  }

  private static String badReason(String type, Condition now) {
    return switch (type) {
      case "Ready" -> "NotReady";
      case "RecoveryRequired" -> type;
      default -> now.reason();
    };
  }

  private static Optional<Notice> repair(
      Optional<PersistentStoreStatus> before, PersistentStoreStatus after) {
    var old = before.map(PersistentStoreStatus::lastRepair);
    return Optional.ofNullable(after.lastRepair())
        .filter(repair -> !Objects.equals(old.orElse(null), repair))
        .map(
            repair ->
                new Notice(
                    true,
                    "Repaired",
                    repair.verdict()
                        + " was repaired ("
                        + repair.reason()
                        + "): "
                        + repair.droppedBytes()
                        + " bytes and "
                        + repair.droppedCommands()
                        + " commands were dropped and are kept in "
                        + repair.quarantine()));
  }

  private static Optional<Notice> rewrite(
      Optional<PersistentStoreStatus> before, PersistentStoreStatus after) {
    var old =
        before
            .map(PersistentStoreStatus::aof)
            .map(PersistentStoreStatus.AofStatus::lastRewrite)
            .orElse(null);
    return Optional.ofNullable(after.aof())
        .map(PersistentStoreStatus.AofStatus::lastRewrite)
        .filter(rewrite -> !Objects.equals(old, rewrite))
        .map(
            rewrite ->
                rewrite.result().equals("ok")
                    ? new Notice(
                        false,
                        "RewriteFinished",
                        "the append-only file has " + after.aof().size() + " now")
                    : new Notice(
                        true, "RewriteFailed", "the server reports a failed rewrite: see its log"));
  }
}
