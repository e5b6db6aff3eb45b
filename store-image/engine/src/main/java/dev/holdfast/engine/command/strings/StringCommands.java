package dev.holdfast.engine.command.strings;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.DENYOOM;
import static dev.holdfast.engine.command.Flag.FAST;
import static dev.holdfast.engine.command.Flag.READONLY;
import static dev.holdfast.engine.command.Flag.WRITE;
import static dev.holdfast.engine.command.Group.STRING;

import dev.holdfast.engine.command.CommandTable;

/** The entries of the string commands. */
public final class StringCommands {
  private static final String EXPIRY =
      "EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds";

  private StringCommands() {}

  /** Adds them to the table. */
  public static void register(CommandTable table) {
    reads(table);
    writes(table);
    many(table);
    counters(table);
    table.add(
        command("lcs", -3, STRING, "7.0.0", READONLY)
            .keys(1, 2, 1, "RO", "access")
            .complexity("O(N*M) where N and M are the lengths of s1 and s2, respectively")
            .doc(
                "key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]",
                "Finds the longest common subsequence of two strings.")
            .runs(Lcs::lcs));
  }

  private static void reads(CommandTable table) {
    table.add(
        command("get", 2, STRING, "1.0.0", READONLY, FAST)
            .key("RO", "access")
            .doc("key", "Answers the value of a string.")
            .runs(Reads::get));
    table.add(
        command("strlen", 2, STRING, "2.2.0", READONLY, FAST)
            .key("RO")
            .doc("key", "Answers the length of a string.")
            .runs(Reads::strlen));
    table.add(
        command("getrange", 4, STRING, "2.4.0", READONLY)
            .key("RO", "access")
            .complexity("O(N) where N is the length of the returned string")
            .doc("key start end", "Answers a part of a string.")
            .runs(Reads::getrange));
    table.add(
        command("substr", 4, STRING, "1.0.0", READONLY)
            .key("RO", "access")
            .complexity("O(N) where N is the length of the returned string")
            .doc("key start end", "Answers a part of a string; the older name of GETRANGE.")
            .runs(Reads::getrange));
    table.add(
        command("mget", -2, STRING, "1.0.0", READONLY, FAST)
            .keys(1, -1, 1, "RO", "access")
            .complexity("O(N) where N is the number of keys to retrieve")
            .tips("request_policy:multi_shard")
            .doc("key [key ...]", "Answers the values of several strings.")
            .runs(Reads::mget));
  }

  private static void writes(CommandTable table) {
    table.add(
        command("set", -3, STRING, "1.0.0", WRITE, DENYOOM)
            .key("RW", "access", "update", "variable_flags")
            .doc(
                "key value [NX|XX] [GET] [" + EXPIRY + "|KEEPTTL]",
                "Sets a key to a string, whatever it held before.")
            .runs(Writes::set));
    table.add(
        command("setnx", 3, STRING, "1.0.0", WRITE, DENYOOM, FAST)
            .key("OW", "insert")
            .doc("key value", "Sets a key that does not exist.")
            .runs(Writes::setnx));
    table.add(
        command("setex", 4, STRING, "2.0.0", WRITE, DENYOOM)
            .key("OW", "update")
            .doc("key seconds value", "Sets a key and its time to live in seconds.")
            .runs(Writes::setex));
    table.add(
        command("psetex", 4, STRING, "2.6.0", WRITE, DENYOOM)
            .key("OW", "update")
            .doc("key milliseconds value", "Sets a key and its time to live in milliseconds.")
            .runs(Writes::psetex));
    table.add(
        command("getset", 3, STRING, "1.0.0", WRITE, DENYOOM, FAST)
            .key("RW", "access", "update")
            .doc("key value", "Sets a key and answers what it held before.")
            .runs(Writes::getset));
    table.add(
        command("getdel", 2, STRING, "6.2.0", WRITE, FAST)
            .key("RW", "access", "delete")
            .doc("key", "Answers a string and removes its key.")
            .runs(Writes::getdel));
    table.add(
        command("getex", -2, STRING, "6.2.0", WRITE, FAST)
            .key("RW", "access", "update")
            .doc("key [" + EXPIRY + "|PERSIST]", "Answers a string and sets or removes its expiry.")
            .runs(Writes::getex));
    table.add(
        command("append", 3, STRING, "2.0.0", WRITE, DENYOOM, FAST)
            .key("RW", "insert")
            .doc("key value", "Adds to the end of a string.")
            .runs(Parts::append));
    table.add(
        command("setrange", 4, STRING, "2.2.0", WRITE, DENYOOM)
            .key("RW", "update")
            .complexity("O(M) where M is the length of the value")
            .doc("key offset value", "Overwrites a part of a string.")
            .runs(Parts::setrange));
  }

  private static void many(CommandTable table) {
    table.add(
        command("mset", -3, STRING, "1.0.1", WRITE, DENYOOM)
            .keys(1, -1, 2, "OW", "update")
            .complexity("O(N) where N is the number of keys to set")
            .tips("request_policy:multi_shard", "response_policy:all_succeeded")
            .doc("key value [key value ...]", "Sets several keys at once.")
            .runs(Writes::mset));
    table.add(
        command("msetnx", -3, STRING, "1.0.1", WRITE, DENYOOM)
            .keys(1, -1, 2, "OW", "insert")
            .complexity("O(N) where N is the number of keys to set")
            .doc("key value [key value ...]", "Sets several keys at once if none of them exists.")
            .runs(Writes::msetnx));
  }

  private static void counters(CommandTable table) {
    table.add(
        command("incr", 2, STRING, "1.0.0", WRITE, DENYOOM, FAST)
            .key("RW", "access", "update")
            .doc("key", "Adds one to an integer.")
            .runs(Counters::incr));
    table.add(
        command("decr", 2, STRING, "1.0.0", WRITE, DENYOOM, FAST)
            .key("RW", "access", "update")
            .doc("key", "Takes one from an integer.")
            .runs(Counters::decr));
    table.add(
        command("incrby", 3, STRING, "1.0.0", WRITE, DENYOOM, FAST)
            .key("RW", "access", "update")
            .doc("key increment", "Adds to an integer.")
            .runs(Counters::incrby));
    table.add(
        command("decrby", 3, STRING, "1.0.0", WRITE, DENYOOM, FAST)
            .key("RW", "access", "update")
            .doc("key decrement", "Takes from an integer.")
            .runs(Counters::decrby));
    table.add(
        command("incrbyfloat", 3, STRING, "2.6.0", WRITE, DENYOOM, FAST)
            .key("RW", "access", "update")
            .doc("key increment", "Adds to a number with a fraction.")
            .runs(Counters::incrbyfloat));
  }
}
