package dev.holdfast.engine.command.strings;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;

/** The options that give a string an expiry: {@code EX}, {@code PX}, {@code EXAT}, {@code PXAT}. */
enum ExpiryOption {
  EX(1000, true),
  PX(1, true),
  EXAT(1000, false),
  PXAT(1, false);

  private static final ExpiryOption[] ALL = values();

  private final int unit;
  private final boolean relative;

  ExpiryOption(int unit, boolean relative) {
    this.unit = unit;
    this.relative = relative;
  }

  /** The option that an argument names, or null. */
  static ExpiryOption of(Call call, int arg) {
    int length = call.length(arg);
    if (length != 2 && length != 4) {
      return null;
    }
    for (ExpiryOption option : ALL) {
      if (call.is(arg, option.name())) {
        return option;
      }
    }
    return null;
  }

  /**
   * The time in milliseconds since 1970 that the argument means.
   *
   * @throws Fault when it is not positive or too far away
   */
  long at(Call call, int arg) {
    long amount = call.integer(arg);
    if (amount <= 0 || (unit == 1000 && amount > Long.MAX_VALUE / 1000)) {
      throw Fault.invalidExpiry(call.command().name());
    }
    long millis = amount * unit;
    if (relative && millis > Long.MAX_VALUE - call.now()) {
      throw Fault.invalidExpiry(call.command().name());
    }
    return relative ? millis + call.now() : millis;
  }
}
