package dev.holdfast.engine.stock;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A seeded stream of commands: all that are implemented, with arguments that are right most of the
 * time. Times to live are far away or long past, and never equal within a run, so that what servers
 * answer does not depend on the millisecond.
 */
final class RandomCommands {
  private static final String[] KEYS = {
    "a", "b", "c", "counter", "float", "long", "x:1", "x:2", "ключ", "", "sp ace", "\0bin"
  };
  private static final String[] VALUES = {
    "",
    "0",
    "1",
    "-1",
    "10",
    "3.5",
    "1e3",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "hello",
    "  1",
    "1 ",
    "01",
    "0x10",
    "inf",
    "nan",
    "\r\n",
    "\0\u00ff",
    "x".repeat(44),
    "y".repeat(45),
    "z".repeat(300),
    "1.5e-7",
    "-0",
    "+5"
  };
  private static final String[] INTEGERS = {
    "0",
    "1",
    "-1",
    "2",
    "3",
    "5",
    "100",
    "-5",
    "-100",
    "9223372036854775807",
    "-9223372036854775808",
    "abc",
    "",
    "1.0",
    "4294967296"
  };
  private static final String[] NOISE = {
    "NX", "XX", "GET", "EX", "PX", "KEEPTTL", "foo", "", "100", "PERSIST", "EXAT", "REPLACE", "DB"
  };

  private final SplittableRandom random;
  private final long base = System.currentTimeMillis() / 1000 + 100_000;
  private long unique;

  RandomCommands(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The next command. One in twenty has a word too many, too few, or in a wrong place. */
  List<String> next() {
    var words = new ArrayList<>(choose());
    if (random.nextInt(20) == 0) {
      switch (random.nextInt(3)) {
        case 0 -> words.add(pick(NOISE));
        case 1 -> words.removeLast();
        default -> words.set(random.nextInt(words.size()), pick(NOISE));
      }
    }
    if (words.isEmpty()) {
      words.add("PING");
    }
    if (random.nextInt(4) == 0) {
      words.set(0, words.getFirst().toLowerCase(java.util.Locale.ROOT));
    }
    return words;
  }

  private List<String> choose() {
    return switch (random.nextInt(66)) {
      case 0, 1, 2, 3 -> set();
      case 4, 5, 6 -> List.of("GET", key());
      case 7 -> List.of("SETNX", key(), value());
      case 8 -> List.of("SETEX", key(), seconds(), value());
      case 9 -> List.of("PSETEX", key(), seconds() + "000", value());
      case 10 -> List.of("GETSET", key(), value());
      case 11 -> List.of("GETDEL", key());
      case 12 -> getex();
      case 13, 14 -> List.of("APPEND", key(), value());
      case 15 ->
          List.of("SETRANGE", key(), pick("0", "1", "5", "20", "-1", "536870912", "x"), value());
      case 16 -> List.of("GETRANGE", key(), integer(), integer());
      case 17 -> List.of("SUBSTR", key(), integer(), integer());
      case 18 -> List.of("STRLEN", key());
      case 19 -> many("MGET", false);
      case 20 -> many("MSET", true);
      case 21 -> many("MSETNX", true);
      case 22, 23 -> List.of(pick("INCR", "DECR"), pick("counter", key()));
      case 24, 25 -> List.of(pick("INCRBY", "DECRBY"), pick("counter", key()), integer());
      case 26, 27 -> List.of("INCRBYFLOAT", pick("float", key()), value());
      case 28 -> lcs();
      case 29, 30 -> many(pick("DEL", "UNLINK"), false);
      case 31 -> many(pick("EXISTS", "TOUCH"), false);
      case 32 -> List.of("TYPE", key());
      case 33 -> List.of(pick("RENAME", "RENAMENX"), key(), key());
      case 34 -> copy();
      case 35 -> List.of("MOVE", key(), pick("0", "1", "2", "99", "x", "-1"));
      case 36, 37, 38 -> expire();
      case 39 -> List.of("PERSIST", key());
      case 40 -> List.of(pick("TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"), key());
      case 41 -> List.of("OBJECT", pick("ENCODING", "ENCODING", "HELP2", "FREQ"), key());
      case 42 ->
          List.of(
              "KEYS", pick("*", "x:*", "?", "[a-b]", "[^a]", "co*er", "\\*", "[", "x:[12]", "*l*"));
      case 43 -> List.of("DBSIZE");
      case 44 -> List.of("SELECT", pick("0", "0", "0", "1", "2", "15", "16", "-1", "x"));
      case 45 ->
          random.nextInt(6) == 0
              ? List.of(pick("FLUSHDB", "FLUSHALL"), pick("SYNC", "ASYNC", "foo"))
              : List.of("DBSIZE");
      case 46 -> List.of("SWAPDB", pick("0", "1", "2", "x"), pick("0", "1", "99", "y"));
      case 47 -> List.of("MULTI");
      case 48, 49, 50 -> List.of("EXEC");
      case 51 -> List.of("DISCARD");
      case 52 -> many("WATCH", false);
      case 53 -> List.of("UNWATCH");
      case 54 -> random.nextBoolean() ? List.of("PING") : List.of("PING", value());
      case 55 -> List.of("ECHO", value());
      case 56 -> restore();
      case 57 ->
          List.of(
              "SCAN",
              pick("0", "x", "-", "1x"),
              pick("COUNT", "MATCH", "TYPE", "foo"),
              pick("1000", "0", "x", "string"));
      case 58 ->
          List.of(
              pick("nosuch", "GETT", "", "se\0t", "x".repeat(200)),
              value(),
              pick("q".repeat(200), "z"));
      case 59 ->
          List.of(
              pick("CONFIG", "CLIENT", "COMMAND", "OBJECT", "SLOWLOG", "MEMORY"),
              pick("nosuch", "", "x".repeat(130)));
      case 60 -> config();
      case 61 -> client();
      case 62 ->
          List.of(
              "COMMAND",
              pick("GETKEYS", "GETKEYSANDFLAGS"),
              pick("GET", "SET", "MSET", "COPY", "PING", "nosuch"),
              key(),
              key());
      case 63 -> List.of("WAIT", "0", pick("0", "1", "x", "-1"));
      case 64 -> List.of("DEBUG", "DIGEST-VALUE", key(), key());
      default -> List.of("DUMP", pick("nosuchkey", "counter"));
    };
  }

  private List<String> set() {
    var words = new ArrayList<>(List.of("SET", key(), value()));
    if (random.nextInt(3) == 0) {
      words.add(pick("NX", "XX", "GET", "KEEPTTL", "nx", "Get"));
    }
    if (random.nextInt(4) == 0) {
      words.add(pick("NX", "XX", "GET", "KEEPTTL"));
    }
    if (random.nextInt(3) == 0) {
      expiry(words);
    }
    return words;
  }

  private List<String> getex() {
    var words = new ArrayList<>(List.of("GETEX", key()));
    switch (random.nextInt(3)) {
      case 0 -> words.add("PERSIST");
      case 1 -> expiry(words);
      default -> {}
    }
    return words;
  }

  private void expiry(List<String> words) {
    switch (random.nextInt(6)) {
      case 0 -> words.addAll(List.of("EX", seconds()));
      case 1 -> words.addAll(List.of("PX", seconds() + "000"));
      case 2 -> words.addAll(List.of("EXAT", absolute()));
      case 3 -> words.addAll(List.of("PXAT", absolute() + "000"));
      case 4 ->
          words.addAll(
              List.of(
                  pick("EX", "PX", "EXAT", "PXAT"),
                  integer().equals("1") ? "0" : pick("0", "-1", "abc", "9223372036854775807")));
      default -> words.add(pick("EX", "PX"));
    }
  }

  private List<String> expire() {
    var words = new ArrayList<String>();
    switch (random.nextInt(5)) {
      case 0 -> words.addAll(List.of("EXPIRE", key(), seconds()));
      case 1 -> words.addAll(List.of("PEXPIRE", key(), seconds() + "000"));
      case 2 -> words.addAll(List.of("EXPIREAT", key(), absolute()));
      case 3 -> words.addAll(List.of("PEXPIREAT", key(), absolute() + "000"));
      default ->
          words.addAll(
              List.of(
                  pick("EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT"),
                  key(),
                  pick(
                      "0", "-1", "-100000", "abc", "9223372036854775807", "-9223372036854775808")));
    }
    if (random.nextInt(3) == 0) {
      words.add(pick("NX", "XX", "GT", "LT", "foo"));
    }
    if (random.nextInt(8) == 0) {
      words.add(pick("NX", "XX", "GT", "LT"));
    }
    return words;
  }

  private List<String> copy() {
    var words = new ArrayList<>(List.of("COPY", key(), key()));
    if (random.nextBoolean()) {
      words.addAll(List.of("DB", pick("0", "1", "2", "99", "x")));
    }
    if (random.nextBoolean()) {
      words.add("REPLACE");
    }
    return words;
  }

  private List<String> lcs() {
    var words = new ArrayList<>(List.of("LCS", key(), key()));
    if (random.nextBoolean()) {
      words.addAll(List.of(pick("LEN", "IDX", "foo")));
    }
    if (random.nextInt(3) == 0) {
      words.addAll(List.of("MINMATCHLEN", pick("1", "2", "x"), "WITHMATCHLEN"));
    }
    return words;
  }

  private List<String> restore() {
    // What DUMP answers for the string "hi", in version 10.
    String hi = "\0\u0002hi\n\0\u0087\u0026\u00d7\u00d6\u0089\u00d9\u0058\u00c9";
    var words =
        new ArrayList<>(
            List.of(
                "RESTORE",
                key(),
                pick("0", "-1", "x", seconds() + "000"),
                pick(hi, "", "garbage-garbage", hi + "x")));
    if (random.nextBoolean()) {
      words.add(pick("REPLACE", "ABSTTL", "foo"));
    }
    return words;
  }

  private List<String> config() {
    return switch (random.nextInt(5)) {
      case 0 ->
          List.of(
              "CONFIG",
              "GET",
              pick("save", "appendonly", "maxmemory", "timeout", "nosuch", "maxmemory-policy"));
      case 1 ->
          List.of(
              "CONFIG",
              "SET",
              pick("timeout", "maxmemory", "nosuch", "databases", "appendfsync"),
              pick("0", "x", "-5", "everysec"));
      case 2 ->
          List.of(
              "CONFIG", "SET", "timeout", "0", pick("timeout", "hz", "save"), pick("10", "0", ""));
      case 3 -> List.of("CONFIG", "SET", "maxmemory-policy", pick("nosuch", "noeviction"));
      default -> List.of("CONFIG", pick("GET", "SET", "RESETSTAT2"));
    };
  }

  private List<String> client() {
    return switch (random.nextInt(8)) {
      case 0 -> List.of("CLIENT", "SETNAME", pick("name", "", "with space", "ü"));
      case 1 -> List.of("CLIENT", "GETNAME");
      case 2 -> List.of("CLIENT", "KILL", pick("1.2.3.4:5", "x"));
      case 3 ->
          List.of(
              "CLIENT",
              "KILL",
              pick("ID", "TYPE", "USER", "SKIPME", "foo"),
              pick("999999", "0", "x", "nosuch"));
      case 4 -> List.of("CLIENT", "UNBLOCK", pick("999999", "x"), pick("TIMEOUT", "ERROR", "foo"));
      case 5 -> List.of("CLIENT", "NO-EVICT", pick("on", "off", "x"));
      case 6 -> List.of("CLIENT", "LIST", pick("ID", "TYPE", "foo"), pick("x", "999999", "nosuch"));
      default -> List.of("CLIENT", pick("GETREDIR", "TRACKINGINFO"));
    };
  }

  private List<String> many(String name, boolean values) {
    var words = new ArrayList<>(List.of(name));
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      words.add(key());
      if (values) {
        words.add(value());
      }
    }
    return words;
  }

  private String key() {
    return utf8(pick(KEYS));
  }

  private String value() {
    return utf8(pick(VALUES));
  }

  private String integer() {
    return pick(INTEGERS);
  }

  private String seconds() {
    return Long.toString(100_000 + 100 * unique++);
  }

  private String absolute() {
    return Long.toString(base + 100 * unique++);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Characters above one byte become their bytes, one character each. */
  private static String utf8(String text) {
    return text.chars().allMatch(c -> c < 256)
        ? text
        : new String(
            text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
