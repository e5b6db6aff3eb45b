package dev.holdfast.engine.client;

import java.util.function.Consumer;

/** All connected clients. The command thread owns it. */
public final class Clients {
  /** What {@code CLIENT PAUSE} stops. */
  public enum Pause {
    NONE,
    WRITE,
    ALL
  }

  public ClientSettings settings() {
    throw new UnsupportedOperationException();
  }

  public int size() {
    throw new UnsupportedOperationException();
  }

  public int blockedCount() {
    throw new UnsupportedOperationException();
  }

  /** Null when there is none. */
  public Client byId(long id) {
    throw new UnsupportedOperationException();
  }

  /** In order of connection. The action may kill clients. */
  public void forEach(Consumer<Client> action) {
    throw new UnsupportedOperationException();
  }

  /** Closes the client: at once, or after its reply when it is the one that runs. */
  public void kill(Client client) {
    throw new UnsupportedOperationException();
  }

  /**
   * {@code CLIENT PAUSE}: until {@code untilNanos} of the monotonic clock. The stricter kind and
   * the later end win, as in the field.
   */
  public void pause(Pause kind, long untilNanos) {
    throw new UnsupportedOperationException();
  }

  public void unpause() {
    throw new UnsupportedOperationException();
  }

  /** What is paused now; nothing expires and nothing is evicted while it is not {@code NONE}. */
  public Pause paused() {
    throw new UnsupportedOperationException();
  }

  /**
   * Parks the client: it executes nothing more until {@code blocked} is over, {@code deadlineNanos}
   * of the monotonic clock has passed ({@link Long#MAX_VALUE}: never), or it is unblocked.
   */
  public void block(Client client, Blocked blocked, long deadlineNanos) {
    throw new UnsupportedOperationException();
  }

  /** {@code CLIENT UNBLOCK … TIMEOUT}: as if its time were over. False when it is not blocked. */
  public boolean unblock(Client client) {
    throw new UnsupportedOperationException();
  }

  /** {@code CLIENT UNBLOCK … ERROR}: the client gets an error. False when it is not blocked. */
  public boolean unblockWithError(Client client, String codeAndText) {
    throw new UnsupportedOperationException();
  }

  /** Bytes of native memory that requests and replies take. */
  public long bufferBytes() {
    throw new UnsupportedOperationException();
  }
}
