package dev.holdfast.engine.command.generic;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.DENYOOM;
import static dev.holdfast.engine.command.Flag.FAST;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.READONLY;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Flag.WRITE;
import static dev.holdfast.engine.command.Group.GENERIC;

import dev.holdfast.engine.command.CommandTable;
import java.util.random.RandomGenerator;

/** The entries of the commands that work on keys of any type. */
public final class GenericCommands {
  private GenericCommands() {}

  /**
   * Adds them to the table.
   *
   * @param random for {@code RANDOMKEY}
   */
  public static void register(CommandTable table, RandomGenerator random) {
    existence(table);
    moving(table);
    walking(table, random);
    payloads(table);
    object(table);
  }

  private static void existence(CommandTable table) {
    table.add(
        command("del", -2, GENERIC, "1.0.0", WRITE)
            .keys(1, -1, 1, "RM", "delete")
            .complexity("O(N) where N is the number of keys that will be removed")
            .tips("request_policy:multi_shard", "response_policy:agg_sum")
            .doc("key [key ...]", "Removes keys.")
            .runs(Existence::del));
    table.add(
        command("unlink", -2, GENERIC, "4.0.0", WRITE, FAST)
            .keys(1, -1, 1, "RM", "delete")
            .complexity("O(1) for each key removed")
            .tips("request_policy:multi_shard", "response_policy:agg_sum")
            .doc("key [key ...]", "Removes keys; their memory is given back later.")
            .runs(Existence::del));
    table.add(
        command("exists", -2, GENERIC, "1.0.0", READONLY, FAST)
            .keys(1, -1, 1, "RO")
            .complexity("O(N) where N is the number of keys to check")
            .tips("request_policy:multi_shard", "response_policy:agg_sum")
            .doc("key [key ...]", "Counts the keys that exist.")
            .runs(Existence::exists));
    table.add(
        command("touch", -2, GENERIC, "3.2.1", READONLY, FAST)
            .keys(1, -1, 1, "RO")
            .complexity("O(N) where N is the number of keys that will be touched")
            .tips("request_policy:multi_shard", "response_policy:agg_sum")
            .doc("key [key ...]", "Counts the keys that exist, and marks them as used now.")
            .runs(Existence::touch));
    table.add(
        command("type", 2, GENERIC, "1.0.0", READONLY, FAST)
            .key("RO")
            .doc("key", "Answers the type of a key's value.")
            .runs(Existence::type));
  }

  private static void moving(CommandTable table) {
    table.add(
        command("rename", 3, GENERIC, "1.0.0", WRITE)
            .keys(1, 1, 1, "RW", "access", "delete")
            .keys(2, 2, 1, "OW", "update")
            .doc("key newkey", "Gives a key another name, whatever had that name before.")
            .runs(Moving::rename));
    table.add(
        command("renamenx", 3, GENERIC, "1.0.0", WRITE, FAST)
            .keys(1, 1, 1, "RW", "access", "delete")
            .keys(2, 2, 1, "OW", "insert")
            .doc("key newkey", "Gives a key another name that is not in use.")
            .runs(Moving::renamenx));
    table.add(
        command("copy", -3, GENERIC, "6.2.0", WRITE, DENYOOM)
            .keys(1, 1, 1, "RO", "access")
            .keys(2, 2, 1, "OW", "update")
            .complexity(
                "O(N) worst case for collections, where N is the number of nested items. O(1) for string values.")
            .doc(
                "source destination [DB destination-db] [REPLACE]",
                "Copies a value to another key.")
            .runs(Moving::copy));
    table.add(
        command("move", 3, GENERIC, "1.0.0", WRITE, FAST)
            .key("RW", "access", "update")
            .doc("key db", "Moves a key to another database.")
            .runs(Moving::move));
  }

  private static void walking(CommandTable table, RandomGenerator random) {
    table.add(
        command("keys", 2, GENERIC, "1.0.0", READONLY)
            .category("dangerous")
            .complexity("O(N) with N being the number of keys in the database")
            .tips("request_policy:all_shards", "nondeterministic_output_order")
            .doc("pattern", "Answers all names that match a pattern.")
            .runs(Walking::keys));
    table.add(
        command("scan", -2, GENERIC, "2.8.0", READONLY)
            .complexity(
                "O(1) for every call. O(N) for a complete iteration, N being the number of keys.")
            .tips("nondeterministic_output", "request_policy:special")
            .doc(
                "cursor [MATCH pattern] [COUNT count] [TYPE type]",
                "Walks over the names step by step.")
            .runs(Walking::scan));
    table.add(
        command("randomkey", 1, GENERIC, "1.0.0", READONLY)
            .tips("request_policy:all_shards", "nondeterministic_output")
            .doc("", "Answers the name of any key.")
            .runs(call -> Walking.randomkey(call, random)));
  }

  private static void payloads(CommandTable table) {
    table.add(
        command("dump", 2, GENERIC, "2.6.0", READONLY)
            .key("RO", "access")
            .tips("nondeterministic_output")
            .doc("key", "Answers a value in serialised form.")
            .runs(Payloads::dump));
    table.add(
        command("restore", -4, GENERIC, "2.6.0", WRITE, DENYOOM)
            .key("OW", "update")
            .category("dangerous")
            .doc(
                "key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]",
                "Makes a key from what DUMP answered.")
            .runs(Payloads::restore));
  }

  private static void object(CommandTable table) {
    table.add(
        command("object", -2, GENERIC, "2.2.3")
            .doc("", "Asks how a value is kept.")
            .contains(
                command("object|encoding", 3, GENERIC, "2.2.3", READONLY)
                    .keys(2, 2, 1, "RO")
                    .tips("nondeterministic_output")
                    .doc("key", "Answers how a value is kept.")
                    .runs(ObjectCommand::encoding),
                command("object|freq", 3, GENERIC, "4.0.0", READONLY)
                    .keys(2, 2, 1, "RO")
                    .tips("nondeterministic_output")
                    .doc("key", "Answers how often a key is used, on a logarithmic scale.")
                    .runs(ObjectCommand::freq),
                command("object|help", 2, GENERIC, "6.2.0", LOADING, STALE)
                    .doc("", "Explains the subcommands.")
                    .runs(ObjectCommand::help),
                command("object|idletime", 3, GENERIC, "2.2.3", READONLY)
                    .keys(2, 2, 1, "RO")
                    .tips("nondeterministic_output")
                    .doc("key", "Answers for how many seconds a key was not used.")
                    .runs(ObjectCommand::idletime),
                command("object|refcount", 3, GENERIC, "2.2.3", READONLY)
                    .keys(2, 2, 1, "RO")
                    .tips("nondeterministic_output")
                    .doc("key", "Answers how many times a value is referred to.")
                    .runs(ObjectCommand::refcount)));
  }
}
