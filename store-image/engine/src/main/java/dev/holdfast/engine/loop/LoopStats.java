package dev.holdfast.engine.loop;

/** What the loop counts for {@code INFO stats}; {@code CONFIG RESETSTAT} clears it. */
public final class LoopStats {
  public long connectionsReceived;
  public long connectionsRejected;
  public long inputBytes;
  public long outputBytes;
  public long reads;
  public long writes;
  public long iterations;
  public long busyNanos;
  public long queryBufferDisconnections;
  public long outputBufferDisconnections;

  public void reset() {
    connectionsReceived = 0;
    connectionsRejected = 0;
    inputBytes = 0;
    outputBytes = 0;
    reads = 0;
    writes = 0;
    iterations = 0;
    busyNanos = 0;
    queryBufferDisconnections = 0;
    outputBufferDisconnections = 0;
  }
}
