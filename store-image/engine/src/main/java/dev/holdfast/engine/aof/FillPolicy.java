package dev.holdfast.engine.aof;

/** {@code aof-fill-ahead}: whether the log is filled ahead with zeros; see {@link FillAhead}. */
public enum FillPolicy {
  /** Where it is measured to pay. */
  AUTO,
  YES,
  NO
}
