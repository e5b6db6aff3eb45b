package dev.holdfast.tools.salvage;

import dev.holdfast.formats.aof.AofReader;
import dev.holdfast.formats.offheap.Raw;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a command gives what it gave before when some commands before it are missing.
 *
 * <p>Safe are those that state what is to be: {@code SET}, {@code HSET}, {@code SADD}, {@code DEL}.
 * All others are not, known or not: they count from what is there ({@code INCR}, {@code APPEND}),
 * take by position ({@code LPOP}, {@code LTRIM}), or read other keys ({@code RENAME}, {@code
 * SUNIONSTORE}).
 */
final class GapSafety {
  private static final int LONGEST_NAME = 20;

  private static final Set<String> SAFE =
      Set.of(
          "SET",
          "SETEX",
          "PSETEX",
          "MSET",
          "SETBIT",
          "DEL",
          "UNLINK",
          "EXPIRE",
          "PEXPIRE",
          "EXPIREAT",
          "PEXPIREAT",
          "PERSIST",
          "HSET",
          "HMSET",
          "HDEL",
          "HSETEX",
          "HPEXPIREAT",
          "HEXPIREAT",
          "HPERSIST",
          "SADD",
          "SREM",
          "ZADD",
          "ZREM",
          "GEOADD",
          "PFADD",
          "XADD",
          "XDEL",
          "RESTORE",
          "FLUSHALL",
          "FLUSHDB",
          "SELECT",
          "MULTI",
          "EXEC",
          "FUNCTION",
          "SCRIPT",
          "PUBLISH",
          "SPUBLISH");

  /** Options that make ZADD and GEOADD look at what is there. */
  private static final Set<String> CONDITIONS = Set.of("NX", "XX", "GT", "LT", "INCR");

  private GapSafety() {}

  static boolean isSafe(AofReader command) {
    var name = word(command, 0);
    if (!SAFE.contains(name)) {
      return false;
    }
    boolean conditional = name.equals("ZADD") || name.equals("GEOADD");
    return !conditional
        || command.argCount() < 4
        || !CONDITIONS.contains(word(command, 2)) && !CONDITIONS.contains(word(command, 3));
  }

  /** The argument in upper case; empty when it is too long for a word that is known here. */
  private static String word(AofReader command, int index) {
    int length = command.argLength(index);
    return length > LONGEST_NAME || !command.argKept(index)
        ? ""
        : new String(Raw.bytes(command.argAddress(index), length), StandardCharsets.ISO_8859_1)
            .toUpperCase(Locale.ROOT);
  }
}
