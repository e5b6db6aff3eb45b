package dev.holdfast.engine.protocol;

/** What a request may be at most. The command thread owns it; a directive changes it live. */
public final class ProtocolLimits {
  /** Bytes of one argument, {@code proto-max-bulk-len}. */
  public long maxBulk = 512L << 20;

  /** Bytes that may wait to be executed for one client, {@code client-query-buffer-limit}. */
  public long maxQueryBuffer = 1L << 30;
}
