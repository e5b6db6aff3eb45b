package dev.holdfast.engine.command.generic;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.pubsub.KeyEvent;

/** Commands that ask whether keys are there, or remove them. */
final class Existence {
  private Existence() {}

  static void del(Call call) {
    long removed = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.find(call.database(), i) != 0 && call.remove(i)) {
        call.happened(KeyEvent.DEL, i);
        removed++;
      }
    }
    call.reply().integer(removed);
  }

  static void exists(Call call) {
    long found = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.peek(i) != 0) {
        found++;
      }
    }
    call.reply().integer(found);
  }

  static void touch(Call call) {
    long found = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.touch(i) != 0) {
        found++;
      }
    }
    call.reply().integer(found);
  }

  static void type(Call call) {
    call.reply().status(Types.name(call.peek(1)));
  }
}
