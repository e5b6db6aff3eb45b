package dev.holdfast.engine.aof;

import java.util.Locale;

/** When the log reaches the disk: directive {@code appendfsync}. */
public enum Fsync {
  ALWAYS,
  EVERYSEC,
  NO;

  /** The value as it is written in a configuration file. */
  public String directive() {
    return name().toLowerCase(Locale.ROOT);
  }
}
