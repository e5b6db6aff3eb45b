package dev.holdfast.engine.client;

import dev.holdfast.engine.memory.ByteString;
import java.util.Set;
import java.util.TreeSet;

/** How one client's reads are tracked ({@code CLIENT TRACKING ON}). */
public final class TrackingState {
  /** Which reads are tracked. */
  public enum Mode {
    ALL,
    /** Those behind {@code CLIENT CACHING YES}. */
    OPTIN,
    /** All but those behind {@code CLIENT CACHING NO}. */
    OPTOUT,
    /** None: the client hears of every key with one of its prefixes. */
    BCAST
  }

  public final Mode mode;

  /** Whether the client does not hear of what it changes itself. */
  public final boolean noLoop;

  /** The client that hears of changes; 0 for the one that reads. */
  public final long redirect;

  /** Prefixes of {@link Mode#BCAST}, in order. */
  public final Set<ByteString> prefixes = new TreeSet<>();

  /** {@code CLIENT CACHING} was said about the next command or transaction. */
  public boolean caching;

  /** The client that should hear is gone. */
  public boolean brokenRedirect;

  public TrackingState(Mode mode, boolean noLoop, long redirect) {
    this.mode = mode;
    this.noLoop = noLoop;
    this.redirect = redirect;
  }

  /** Whether what the client reads now is to be remembered. */
  public boolean remembers() {
    return switch (mode) {
      case ALL -> true;
      case OPTIN -> caching;
      case OPTOUT -> !caching;
      case BCAST -> false;
    };
  }
}
