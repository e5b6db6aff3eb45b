package dev.holdfast.engine.command;

/** The code of one command: reads its arguments from the call, and writes exactly one reply. */
@FunctionalInterface
public interface Handler {
  void call(Call call);
}
