package dev.holdfast.engine.persistence;

/**
 * A moment's facts about persistence: every field of {@code INFO persistence} (Redis 7.2), with its
 * name, in its units, and ours about durability. Durations that do not run are -1, times are Unix
 * seconds.
 */
public record PersistenceInfo(
    boolean loading,
    long currentSaveKeysProcessed,
    long currentSaveKeysTotal,
    double currentForkPerc,
    long rdbChangesSinceLastSave,
    boolean rdbBgsaveInProgress,
    long rdbLastSaveTime,
    boolean rdbLastBgsaveOk,
    long rdbLastBgsaveTimeSec,
    long rdbCurrentBgsaveTimeSec,
    long rdbSaves,
    long rdbLastLoadKeysExpired,
    long rdbLastLoadKeysLoaded,
    boolean aofEnabled,
    boolean aofRewriteInProgress,
    boolean aofRewriteScheduled,
    long aofLastRewriteTimeSec,
    long aofCurrentRewriteTimeSec,
    boolean aofLastBgrewriteOk,
    long aofRewrites,
    long aofRewritesConsecutiveFailures,
    boolean aofLastWriteOk,
    long aofCurrentSize,
    long aofBaseSize,
    boolean aofPendingRewrite,
    long aofBufferLength,
    long aofPendingBioFsync,
    long aofDelayedFsync,
    long loadingStartTime,
    long loadingTotalBytes,
    long loadingLoadedBytes,
    long appendedOffset,
    long writtenOffset,
    long durableOffset,
    boolean writerInline,
    long syncMicrosSmoothed,
    long oldestUnsyncedMillis,
    boolean fenced,
    long writersParked,
    long snapshotQueuedBytes,
    long longestSnapshotStepMicros) {}
