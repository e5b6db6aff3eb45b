package dev.holdfast.engine.command;

import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.memory.Numbers;
import dev.holdfast.engine.protocol.Args;

/**
 * Builds what is logged when that is not the call as it came: {@code
 * effect(SET).word(1).word(2).word(PXAT).number(t).log()}.
 */
public final class Effect {
  private static final int MOST_NUMBERS = 4;

  private final Call call;
  private final Args words = new Args();
  private final long digits = NativeHeap.allocate((long) MOST_NUMBERS * Numbers.MAX_LENGTH);
  private int numbers;

  Effect(Call call) {
    this.call = call;
  }

  Effect begin(NativeWord name) {
    words.clear();
    numbers = 0;
    return word(name);
  }

  public Effect word(NativeWord word) {
    words.add(word.address(), word.length());
    return this;
  }

  /** An argument of the call. */
  public Effect word(int arg) {
    words.add(call.address(arg), call.length(arg));
    return this;
  }

  public Effect word(long address, int length) {
    words.add(address, length);
    return this;
  }

  /** A number in decimal; at most four per effect. */
  public Effect number(long value) {
    if (numbers == MOST_NUMBERS) {
      throw new IllegalStateException("more than " + MOST_NUMBERS + " numbers in an effect");
    }
    long at = digits + (long) numbers++ * Numbers.MAX_LENGTH;
    words.add(at, Numbers.format(value, at));
    return this;
  }

  /** Hands the effect to the log. */
  public void log() {
    call.log(words);
  }
}
