package dev.holdfast.engine.protocol;

/**
 * What is to be sent to one client: a chain of pieces of native memory. Signatures only for now.
 */
public final class ReplyBuffer {
  /** Bytes ever written. */
  public long position() {
    throw new UnsupportedOperationException();
  }
}
