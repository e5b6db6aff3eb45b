package dev.holdfast.engine.command.connection;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;

/**
 * What a client may say about itself: printable ASCII without spaces, so that {@code CLIENT LIST}
 * stays one line per client.
 */
final class ClientText {
  private ClientText() {}

  static void check(Call call, int arg, String what) {
    for (byte b : call.bytes(arg)) {
      if (b < '!' || b > '~') {
        throw new Fault("ERR " + what + " cannot contain spaces, newlines or special characters.");
      }
    }
  }
}
