package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.MemoryStatus.Source;
import dev.holdfast.operator.store.observe.CheckReport;
import dev.holdfast.operator.store.observe.Observation;
import dev.holdfast.operator.store.observe.ServerAttempts.Attempt;
import dev.holdfast.operator.store.observe.ServerFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What has to happen to the settings. The rule: the file holds only what a server has accepted, so
 * that a restart never fails on a value that nobody has tried. A directive that can change live is
 * sent to the server first and written when the server has it; one that cannot is written at once
 * and replaces the pod. A value that is refused leaves the last good one in the file.
 *
 * @param file what the file should hold now
 * @param send what to send to the server now
 * @param drift of {@link #send}: directives that were as wanted, and that somebody has changed
 *     since, with the value found
 * @param refused directive to the server's words
 * @param removed directives of the old file that nobody asks for any more; only a restart brings
 *     back the server's default
 * @param allLive whether the server has every value that can change live
 */
record Settings(
    SortedMap<String, String> file,
    SortedMap<String, String> send,
    SortedMap<String, String> drift,
    SortedMap<String, String> refused,
    SortedSet<String> removed,
    boolean allLive) {

  /** How long a refusal stands before the value is tried once more. */
  private static final Duration REFUSAL_STANDS = Duration.ofMinutes(1);

  /** Directives that Redis 7.2 refuses to change while it runs. */
  private static final Set<String> AT_START_ONLY =
      Set.of(
          "always-show-logo",
          "aof_rewrite_cpulist",
          "aof-rewrite-cpulist",
          "bgsave_cpulist",
          "bgsave-cpulist",
          "bio_cpulist",
          "bio-cpulist",
          "databases",
          "disable-thp",
          "enable-debug-command",
          "enable-module-command",
          "enable-protected-configs",
          "io-threads",
          "io-threads-do-reads",
          "rdbchecksum",
          "server_cpulist",
          "server-cpulist",
          "set-proc-title",
          "socket-mark-id",
          "syslog-enabled",
          "syslog-facility",
          "syslog-ident",
          "tcp-backlog");

  /** The directives of some settings that only a start can change. */
  static SortedMap<String, String> atStart(SortedMap<String, String> conf) {
    SortedMap<String, String> fixed = new TreeMap<>(conf);
    fixed.keySet().retainAll(AT_START_ONLY);
    return fixed;
  }

  /**
   * Compares what is wanted with the file and with the server.
   *
   * @param replacing whether the pod is about to be replaced, so that nothing is sent to it
   */
  static Settings decide(
      Observation seen,
      SortedMap<String, String> wanted,
      Source memory,
      boolean replacing,
      Instant now) {
    var old =
        seen.configMap()
            .map(map -> RedisConf.parse(map.getData().getOrDefault(RedisConf.FILE, "")))
            .filter(conf -> seen.hasServed());
    var server = seen.facts().flatMap(ServerFacts::serving).filter(up -> !replacing);
    var settings =
        new Settings(
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            removed(old, wanted),
            true);
    var allLive = server.isPresent();
    for (var entry : wanted.entrySet()) {
      var directive = entry.getKey();
      var value = entry.getValue();
      var live = server.map(up -> up.config().get(directive));
      var attempt =
          Optional.ofNullable(seen.attempts().get(directive)).filter(a -> a.wanted().equals(value));
      var isLive = live.isPresent() && same(value, live.get(), attempt);
      if (AT_START_ONLY.contains(directive) || isLive) {
        settings.file.put(directive, value);
        continue;
      }
      allLive = false;
      boolean needsNoTrial = directive.equals("appendonly") && isParked(seen);
      settings.keepGood(directive, value, needsNoTrial ? Optional.empty() : old, memory);
      if (server.isPresent()) {
        settings.change(directive, value, live, attempt, old, now);
      }
    }
    return new Settings(
        settings.file, settings.send, settings.drift, settings.refused, settings.removed, allLive);
  }

  /**
   * A pod that is parked because its AOF is off starts when it is switched on, and no server is
   * there to try that before.
   */
  private static boolean isParked(Observation seen) {
    return seen.facts().flatMap(ServerFacts::check).map(CheckReport::parked).orElse(false);
  }

  private static SortedSet<String> removed(
      Optional<SortedMap<String, String>> old, SortedMap<String, String> wanted) {
    SortedSet<String> removed = new TreeSet<>(old.map(SortedMap::keySet).orElse(Set.of()));
    removed.removeAll(wanted.keySet());
    return removed;
  }

  /**
   * Until the server has a value the file keeps the last good one; before the first start there is
   * none to keep.
   */
  private void keepGood(
      String directive, String value, Optional<SortedMap<String, String>> old, Source memory) {
    var certain = directive.equals("maxmemory") && memory != Source.Config;
    if (old.isEmpty() || certain) {
      file.put(directive, value);
    } else if (old.get().containsKey(directive)) {
      file.put(directive, old.get().get(directive));
    }
  }

  private void change(
      String directive,
      String value,
      Optional<String> live,
      Optional<Attempt> attempt,
      Optional<SortedMap<String, String>> old,
      Instant now) {
    var refusal = attempt.filter(a -> !a.accepted());
    refusal.ifPresent(a -> refused.put(directive, a.refusal()));
    if (refusal.isPresent() && refusal.get().time().plus(REFUSAL_STANDS).isAfter(now)) {
      return;
    }
    send.put(directive, value);
    var wasWanted = old.map(conf -> value.equals(conf.get(directive))).orElse(false);
    if (wasWanted && live.isPresent() && refusal.isEmpty()) {
      drift.put(directive, live.get());
    }
  }

  /**
   * A server may write a value in its own way: sizes in bytes, words in another case, or as it
   * showed right after the change.
   */
  private static boolean same(String wanted, String live, Optional<Attempt> attempt) {
    if (wanted.equalsIgnoreCase(live)) {
      return true;
    }
    var bytes = MemoryBudget.directive(wanted);
    if (bytes.isPresent() && bytes.equals(MemoryBudget.directive(live))) {
      return true;
    }
    return attempt.filter(a -> a.accepted() && a.live().equals(live)).isPresent();
  }

  /** Whether the server and the file have all that is wanted. */
  boolean complete(SortedMap<String, String> wanted) {
    return allLive && file.equals(wanted);
  }
}
