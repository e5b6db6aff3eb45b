package dev.holdfast.engine.command.expiry;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;

/**
 * The conditions of {@code EXPIRE}: only without expiry, only with one, only later, only earlier.
 */
record Condition(boolean without, boolean with, boolean later, boolean earlier) {

  static Condition of(Call call) {
    boolean nx = false;
    boolean xx = false;
    boolean gt = false;
    boolean lt = false;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "NX")) {
        nx = true;
      } else if (call.is(i, "XX")) {
        xx = true;
      } else if (call.is(i, "GT")) {
        gt = true;
      } else if (call.is(i, "LT")) {
        lt = true;
      } else {
        throw new Fault("ERR Unsupported option " + call.quoted(i));
      }
    }
    if (nx && (xx || gt || lt)) {
      throw new Fault("ERR NX and XX, GT or LT options at the same time are not compatible");
    }
    if (gt && lt) {
      throw new Fault("ERR GT and LT options at the same time are not compatible");
    }
    return new Condition(nx, xx, gt, lt);
  }

  /** A key without expiry counts as one that ends never. */
  boolean allows(long current, long wanted) {
    boolean persistent = current == -1;
    return !(without && !persistent)
        && !(with && persistent)
        && !(later && (persistent || wanted <= current))
        && !(earlier && !persistent && wanted >= current);
  }
}
