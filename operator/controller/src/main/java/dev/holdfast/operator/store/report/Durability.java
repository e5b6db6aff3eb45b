package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.PersistenceSpec.AppendFsync;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.DurabilityStatus;
import dev.holdfast.operator.store.observe.ServerFacts;
import java.util.Arrays;

/**
 * What a power failure would lose now, from what the server says of itself and not from what was
 * asked for.
 */
final class Durability {

  private Durability() {}

  static DurabilityStatus of(ServerFacts.Up server) {
    var config = server.config();
    var logs = server.info().aofEnabled();
    var fsync =
        Arrays.stream(AppendFsync.values())
            .filter(each -> each.directive().equals(config.get("appendfsync")))
            .findFirst();
    return new DurabilityStatus(words(server, logs, fsync.orElse(null)), logs, fsync.orElse(null));
  }

  private static String words(ServerFacts.Up server, boolean logs, AppendFsync fsync) {
    if (!logs) {
      return "everything: nothing is logged";
    }
    if (!server.info().lastWriteOk()) {
      return "everything since the log could be written last";
    }
    if (server.info().rewriting()
        && "yes".equals(server.config().get("no-appendfsync-on-rewrite"))) {
      return "everything since the rewrite began that runs now";
    }
    return switch (fsync) {
      case ALWAYS -> "nothing that was acknowledged";
      case EVERYSEC -> "up to 1 s of writes";
      case NEVER -> "what the operating system has not written back, often 30 s of writes";
      case null -> "unknown";
    };
  }
}
