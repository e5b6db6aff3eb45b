package dev.holdfast.engine.stock;

import java.util.List;
import java.util.TreeSet;

/**
 * Where replies may differ from a stock server's, and why. Everything else has to be equal.
 *
 * <ul>
 *   <li>The order of {@code KEYS} and {@code SCAN} depends on the hash function: names are compared
 *       as sets, those of a step of {@code SCAN} not at all; inside a transaction both are left
 *       out, and so are {@code DUMP} and the times of keys.
 *   <li>{@code COMMAND} alone lists what a server has.
 *   <li>Valkey 9 has other refusals of {@code SCAN}, refuses {@code WATCH} and {@code MULTI} inside
 *       {@code MULTI} so that the transaction is lost, and looks at the expiry of {@code GETEX}
 *       before the key, and has new filters for {@code CLIENT KILL}, {@code LIST} and {@code
 *       UNBLOCK}; Redis 7.2 does not. It also has other encodings for {@code OBJECT}.
 *   <li>{@code TTL} and {@code PTTL} count from the moment of the call: compared with a tolerance
 *       at the end of the run.
 *   <li>{@code DUMP} ends with version and checksum: Valkey 9 writes its own version 80, we and
 *       Redis 7.0 write 10. Strings above 20 bytes are compressed by stock servers and plain here,
 *       which {@code RESTORE} takes as well.
 *   <li>{@code CONFIG GET} of {@code dir}, {@code port}: each server has its own; not in the
 *       stream.
 * </ul>
 */
final class Differences {
  private static final int LONGEST_PLAIN_PAYLOAD = 38;
  private static final int VERSION_AND_CHECKSUM = 12;

  private final boolean valkey;

  Differences(String stock) {
    this.valkey = stock.startsWith("VALKEY");
  }

  /** What the two servers do differently on purpose, so that comparing would prove nothing. */
  boolean leaveOut(List<String> command, boolean inTransaction) {
    if (inTransaction && needsOwnReply(command)) {
      return true;
    }
    String name = DifferentialTest.upper(command, 0);
    if (name.equals("COMMAND") && command.size() == 1) {
      return true;
    }
    return valkey && leftOutForValkey(name, command, inTransaction);
  }

  private static boolean leftOutForValkey(
      String name, List<String> command, boolean inTransaction) {
    return switch (name) {
      case "SCAN", "OBJECT" -> true;
      case "WATCH", "MULTI" -> inTransaction;
      case "GETEX" -> command.size() > 3;
      case "CLIENT" ->
          List.of("KILL", "LIST", "UNBLOCK").contains(DifferentialTest.upper(command, 1));
      default -> false;
    };
  }

  /** What can only be compared outside of transactions, where a reply is one command's. */
  private boolean needsOwnReply(List<String> command) {
    return switch (DifferentialTest.upper(command, 0)) {
      case "KEYS", "SCAN", "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME", "DUMP" -> true;
      default -> false;
    };
  }

  boolean sameEncodings() {
    return !valkey;
  }

  String normalise(List<String> command, String reply) {
    return switch (DifferentialTest.upper(command, 0)) {
      case "KEYS" ->
          reply.startsWith("*")
              ? new TreeSet<>(DifferentialTest.elements(reply)).toString()
              : reply;
      case "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME" ->
          reply.length() > 6 && reply.startsWith(":") ? "later" : reply;
      case "SCAN" -> reply.startsWith("*") ? "names" : reply;
      case "DUMP" -> payload(reply);
      default -> reply;
    };
  }

  private String payload(String reply) {
    boolean compressed = reply.startsWith("\0\u00c3", reply.indexOf('\n') + 1);
    if (compressed || reply.length() > LONGEST_PLAIN_PAYLOAD) {
      return "long";
    }
    return valkey && reply.length() > VERSION_AND_CHECKSUM
        ? reply.substring(0, reply.length() - VERSION_AND_CHECKSUM)
        : reply;
  }
}
