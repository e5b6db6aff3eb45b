package dev.holdfast.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** What a person on call needs to know about a store, as far as the operator has seen it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PersistentStoreStatus(
    @JsonPropertyDescription("The generation of spec that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "The identity of the data, also in the volume and on its claim. A volume with another identity is never used.")
        String storeId,
    @JsonPropertyDescription(
            "The image that runs, also when spec leaves the choice to the operator.")
        String image,
    @JsonPropertyDescription(
            "When the store first served commands. From then on an empty volume is a loss and not a beginning.")
        String firstReadyTime,
    @JsonPropertyDescription("Where clients connect to, host:port inside the cluster.")
        String address,
    @JsonPropertyDescription("The secret with host, port, username, password and uri for clients.")
        String secretName,
    @JsonPropertyDescription("What a crash would lose now.") DurabilityStatus durability,
    @JsonPropertyDescription("The append-only file.") AofStatus aof,
    @JsonPropertyDescription("The limit of the data in memory, and where it comes from.")
        MemoryStatus memory,
    @JsonPropertyDescription("The last check of the data before a start.") CheckStatus lastCheck,
    @JsonPropertyDescription("The last repair, and what it dropped.") RepairStatus lastRepair,
    @JsonPropertyDescription(
            "The text of the annotation store.holdfast.dev/rewrite-now that was acted on last.")
        String handledRewriteRequest,
    @JsonPropertyDescription(
            "The state in levels: Ready, Progressing, ConfigApplied, AOFVerified, PersistenceHealthy, DiskPressure,"
                + " RecoveryRequired, Paused, and Reconciling and Stalled as kstatus reads them.")
        List<Condition> conditions) {

  /** What a crash would lose now. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DurabilityStatus(
      @JsonPropertyDescription("What a power failure would lose now, in words.") String effective,
      @JsonPropertyDescription("Whether the server logs now.") Boolean appendonly,
      @JsonPropertyDescription("The server's live setting, in the words of spec.")
          PersistenceSpec.AppendFsync appendfsync) {}

  /**
   * The append-only file. Sizes are refreshed when they change by a twentieth, and by 4 KiB at
   * least.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AofStatus(
      @JsonPropertyDescription("Size of the file, for people.") String size,
      @JsonPropertyDescription("Size of the file in bytes.") Long sizeBytes,
      @JsonPropertyDescription("Size after the last rewrite, in bytes.") Long baseSizeBytes,
      @JsonPropertyDescription("Whether a rewrite runs now.") Boolean rewriting,
      @JsonPropertyDescription("The last rewrite that the operator saw end.")
          RewriteStatus lastRewrite) {}

  /** A rewrite that has ended. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RewriteStatus(
      @JsonPropertyDescription("When the operator saw it end.") String time,
      @JsonPropertyDescription("ok, or err as the server reports it.") String result,
      @JsonPropertyDescription("How long it took, in seconds.") Long durationSeconds,
      @JsonPropertyDescription("The server's count of rewrites since it started.") Long count,
      @JsonPropertyDescription("The run of the server that the count belongs to: run_id of INFO.")
          String runId) {}

  /** The limit of the data in memory. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record MemoryStatus(
      @JsonPropertyDescription("maxmemory in bytes; 0 means no limit.") Long maxmemoryBytes,
      @JsonPropertyDescription(
              "Derived: from resources.limits.memory. Config: set in spec.config. Unlimited: neither is given.")
          Source source) {

    /** Where maxmemory comes from. */
    public enum Source {
      Derived,
      Config,
      Unlimited
    }
  }

  /** The report of a check before a start; the words are those of {@code holdfast-check-aof}. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CheckStatus(
      @JsonPropertyDescription(
              "Names the damage; the same for the same damage. An approval names it.")
          String id,
      @JsonPropertyDescription("When the check ran.") String time,
      @JsonPropertyDescription(
              "What was found: Clean, Empty, TruncatedTail, CorruptTail, CorruptMiddle, CorruptBase, MissingFile, BadManifest,"
                  + " UnclaimedFiles or Unreadable.")
          String verdict,
      @JsonPropertyDescription("Passed, Repaired, Parked (a decision is needed) or Found.")
          String state,
      @JsonPropertyDescription("Why that state.") String reason,
      @JsonPropertyDescription("The damaged file, below the data folder.") String file,
      @JsonPropertyDescription("Where the damage begins in it.") Long offset,
      @JsonPropertyDescription("Bytes that going on would drop.") Long bytesAtStake,
      @JsonPropertyDescription("Commands that going on would drop.") Long commandsAtStake,
      @JsonPropertyDescription("What was expected and what was found.") String message,
      @JsonPropertyDescription("What to do.") String action) {}

  /** A repair and what it dropped. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RepairStatus(
      @JsonPropertyDescription("When it was done.") String time,
      @JsonPropertyDescription("What had been found.") String verdict,
      @JsonPropertyDescription("WithinBudget, or Granted when a person approved it.") String reason,
      @JsonPropertyDescription("Bytes that it dropped.") Long droppedBytes,
      @JsonPropertyDescription("Commands that it dropped.") Long droppedCommands,
      @JsonPropertyDescription("Where the dropped bytes are kept, below the data folder.")
          String quarantine) {}
}
