package dev.holdfast.engine.info;

import dev.holdfast.engine.persistence.PersistenceInfo;

/** {@code INFO persistence}, and ours: what a crash would lose now. */
record PersistenceSection(Info.Sources sources) {
  void write(Section s) {
    PersistenceInfo p = sources.persistence().info();
    s.flag("loading", p.loading())
        .add("async_loading", 0)
        .add("current_cow_peak", 0)
        .add("current_cow_size", 0)
        .add("current_cow_size_age", 0)
        .decimals("current_fork_perc", p.currentForkPerc(), 2)
        .add("current_save_keys_processed", p.currentSaveKeysProcessed())
        .add("current_save_keys_total", p.currentSaveKeysTotal())
        .add("rdb_changes_since_last_save", p.rdbChangesSinceLastSave())
        .flag("rdb_bgsave_in_progress", p.rdbBgsaveInProgress())
        .add("rdb_last_save_time", p.rdbLastSaveTime())
        .add("rdb_last_bgsave_status", status(p.rdbLastBgsaveOk()))
        .add("rdb_last_bgsave_time_sec", p.rdbLastBgsaveTimeSec())
        .add("rdb_current_bgsave_time_sec", p.rdbCurrentBgsaveTimeSec())
        .add("rdb_saves", p.rdbSaves())
        .add("rdb_last_cow_size", 0)
        .add("rdb_last_load_keys_expired", p.rdbLastLoadKeysExpired())
        .add("rdb_last_load_keys_loaded", p.rdbLastLoadKeysLoaded())
        .flag("aof_enabled", p.aofEnabled())
        .flag("aof_rewrite_in_progress", p.aofRewriteInProgress())
        .flag("aof_rewrite_scheduled", p.aofRewriteScheduled())
        .add("aof_last_rewrite_time_sec", p.aofLastRewriteTimeSec())
        .add("aof_current_rewrite_time_sec", p.aofCurrentRewriteTimeSec())
        .add("aof_last_bgrewrite_status", status(p.aofLastBgrewriteOk()))
        .add("aof_rewrites", p.aofRewrites())
        .add("aof_rewrites_consecutive_failures", p.aofRewritesConsecutiveFailures())
        .add("aof_last_write_status", status(p.aofLastWriteOk()))
        .add("aof_last_cow_size", 0)
        .add("module_fork_in_progress", 0)
        .add("module_fork_last_cow_size", 0);
    if (p.aofEnabled()) {
      s.add("aof_current_size", p.aofCurrentSize())
          .add("aof_base_size", p.aofBaseSize())
          .flag("aof_pending_rewrite", p.aofRewriteScheduled())
          .add("aof_buffer_length", p.aofBufferLength())
          .add("aof_pending_bio_fsync", p.aofPendingBioFsync())
          .add("aof_delayed_fsync", p.aofDelayedFsync());
    }
    if (p.loading()) {
      loading(s, p);
    }
  }

  private void loading(Section s, PersistenceInfo p) {
    long total = p.loadingTotalBytes();
    long loaded = Math.min(p.loadingLoadedBytes(), total);
    s.add("loading_start_time", p.loadingStartTime())
        .add("loading_total_bytes", total)
        .add("loading_rdb_used_mem", p.loadingRdbUsedMemory())
        .add("loading_loaded_bytes", loaded)
        .decimals("loading_loaded_perc", total == 0 ? 0 : 100.0 * loaded / total, 2)
        .add("loading_eta_seconds", p.loadingEtaSeconds())
        .add("loading_bytes_per_second", p.loadingBytesPerSecond());
  }

  void writeDurability(Section s) {
    PersistenceInfo p = sources.persistence().info();
    var loop = sources.loop().stats();
    s.add("durability_policy", p.aofEnabled() ? sources.config().text("appendfsync") : "off")
        .add("durability_appended_offset", p.appendedOffset())
        .add("durability_written_offset", p.writtenOffset())
        .add("durability_durable_offset", p.durableOffset())
        .add("durability_unsynced_bytes", Math.max(0, p.appendedOffset() - p.durableOffset()))
        .add("durability_oldest_unsynced_ms", p.oldestUnsyncedMillis())
        .add("durability_worst_loss_bytes", p.worstLossBytes())
        .add("durability_worst_loss_ms", p.worstLossMillis())
        .add("durability_buffer_bytes", p.aofBufferLength())
        .add("durability_writer", p.writerInline() ? "inline" : "thread")
        .add("durability_writer_because", p.writerInlineBecause())
        .add("durability_sync_usec", p.syncMicrosSmoothed())
        .decimals("durability_sync_usec_p50", p.syncMicros50(), 3)
        .decimals("durability_sync_usec_p99", p.syncMicros99(), 3)
        .decimals("durability_sync_usec_p99.9", p.syncMicros999(), 3)
        .flag("durability_fenced", p.fenced())
        .flag("durability_first_base_pending", p.firstBasePending())
        .add("disk_free_bytes", p.diskFreeBytes())
        .add("disk_reserve_bytes", p.diskReserveBytes())
        .flag("disk_almost_full", p.diskAlmostFull())
        .add("durability_writers_parked", p.writersParked())
        .add("durability_replies_held", sources.clients().gate().held())
        .add("snapshot_bytes", p.snapshotBytes())
        .add("snapshot_eta_seconds", p.snapshotEtaSec())
        .add("snapshot_queued_bytes", p.snapshotQueuedBytes())
        .add("snapshot_longest_step_usec", p.longestSnapshotStepMicros())
        .add("loop_longest_step_usec", loop.longestNanos() / 1000)
        .add("loop_longest_step_beside_snapshot_usec", loop.longestBesideSnapshotNanos() / 1000);
  }

  private static String status(boolean ok) {
    return ok ? "ok" : "err";
  }
}
