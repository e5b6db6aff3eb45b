package dev.holdfast.engine.info;

import dev.holdfast.engine.clock.Clock;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Where a server is in its life. The command thread writes, every thread may read. */
public final class ServerState {
  private final Clock clock;
  private final long startedNanos;
  private volatile boolean listening;
  private volatile boolean loading;
  private volatile boolean ending;
  private volatile long progressBytes = -1;
  private volatile long progressNanos;
  private volatile long beatNanos;
  private String replicationId;

  public ServerState(Clock clock) {
    this.clock = clock;
    this.startedNanos = clock.monotonicNanos();
    this.progressNanos = startedNanos;
    this.beatNanos = startedNanos;
    newReplicationId();
  }

  public void listening() {
    listening = true;
  }

  public void loading(boolean on) {
    loading = on;
    progressNanos = clock.monotonicNanos();
  }

  public void ending() {
    ending = true;
  }

  /** Loading has come so far. */
  public void progress(long bytes) {
    if (bytes != progressBytes) {
      progressBytes = bytes;
      progressNanos = clock.monotonicNanos();
    }
  }

  /** The command thread still turns. */
  public void beat() {
    beatNanos = clock.monotonicNanos();
  }

  public void newReplicationId() {
    byte[] bytes = new byte[20];
    new SplittableRandom(clock.wallMillis() ^ clock.monotonicNanos()).nextBytes(bytes);
    replicationId = HexFormat.of().formatHex(bytes);
  }

  public boolean isListening() {
    return listening;
  }

  public boolean isLoading() {
    return loading;
  }

  public boolean isEnding() {
    return ending;
  }

  /** Nanoseconds since loading last advanced. */
  public long stuckNanos() {
    return clock.monotonicNanos() - progressNanos;
  }

  /** Bytes loaded so far. */
  public long progressBytes() {
    return progressBytes;
  }

  /** Nanoseconds since the command thread last turned. */
  public long silentNanos() {
    return clock.monotonicNanos() - beatNanos;
  }

  /** Nanoseconds since the start. */
  public long upNanos() {
    return clock.monotonicNanos() - startedNanos;
  }

  /** 40 hexadecimal digits that name the history of the data for replication. */
  public String replicationId() {
    return replicationId;
  }
}
