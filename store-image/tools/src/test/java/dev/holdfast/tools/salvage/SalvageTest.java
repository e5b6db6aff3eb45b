package dev.holdfast.tools.salvage;

import static dev.holdfast.tools.check.AofSamples.BASE;
import static dev.holdfast.tools.check.AofSamples.INCR;
import static dev.holdfast.tools.check.AofSamples.INCR_2;
import static dev.holdfast.tools.check.AofSamples.MANIFEST;
import static dev.holdfast.tools.check.AofSamples.ONE_INCR;
import static dev.holdfast.tools.check.AofSamples.RDB;
import static dev.holdfast.tools.check.AofSamples.TWO_INCRS;
import static dev.holdfast.tools.check.AofSamples.TWO_KEYS;
import static dev.holdfast.tools.check.AofSamples.ascii;
import static dev.holdfast.tools.check.AofSamples.command;
import static dev.holdfast.tools.check.AofSamples.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tools.check.CheckAof;
import dev.holdfast.tools.check.CheckRdb;
import dev.holdfast.tools.check.CheckedLog;
import dev.holdfast.tools.check.StockServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast-check-aof --salvage}: what is taken out of damaged files, and what is said. */
class SalvageTest {

  private static final byte[] MORE =
      join(command("SELECT", "0"), command("SET", "later", "1"), command("SET", "k", "new"));

  @TempDir Path folder;
  private String output = "";

  @Test
  void garbage_in_the_middle_costs_the_garbage_and_no_command() throws IOException {
    aof(Map.of(MANIFEST, ONE_INCR, BASE, RDB, INCR, join(TWO_KEYS, ascii("xyz"), MORE)));

    assertThat(salvage()).isZero();

    assertThat(salvaged(INCR)).hasBinaryContent(join(TWO_KEYS, MORE));
    assertThat(salvaged(BASE)).hasBinaryContent(RDB);
    int from = TWO_KEYS.length;
    assertThat(output)
        .contains(
            "Skipped 3 bytes of %s, from offset %d to %d: expected '*'"
                .formatted(INCR, from, from + 3))
        .contains("Salvaged 6 keys and 6 commands")
        .doesNotContain("Not safe");
  }

  @Test
  void commands_that_build_on_a_gap_are_named_and_those_before_it_are_not() throws IOException {
    byte[] before = join(command("SELECT", "0"), command("DECR", "n"));
    byte[] after =
        join(
            command("incr", "n"),
            command("INCR", "m"),
            command("APPEND", "log", "line"),
            command("ZADD", "z", "1", "a"),
            command("ZADD", "z", "INCR", "1", "a"),
            command("SET", "k", "v"));
    aof(Map.of(MANIFEST, ONE_INCR, BASE, RDB, INCR, join(before, ascii("*"), after)));

    assertThat(salvage()).isZero();

    int at = before.length + 1;
    assertThat(output)
        .contains("INCR, 2 times, the first at offset " + at + " of " + INCR + ", key 'n'")
        .contains("APPEND, 1 times")
        .contains("ZADD, 1 times")
        .contains("6 commands behind a gap name no database")
        .doesNotContain("DECR")
        .doesNotContain("SET,");
  }

  @Test
  void a_transaction_is_taken_whole_or_not_at_all() throws IOException {
    byte[] start = join(command("MULTI"), command("SET", "a", "1"));
    byte[] end = join(command("SET", "b", "1"), command("SET", "c", "1"), command("EXEC"));
    aof(Map.of(MANIFEST, ONE_INCR, BASE, RDB, INCR, join(TWO_KEYS, start, ascii("xx"), end, MORE)));

    assertThat(salvage()).isZero();

    assertThat(salvaged(INCR)).hasBinaryContent(join(TWO_KEYS, MORE));
    assertThat(output).contains("the end of a transaction whose start is gone");
  }

  @Test
  void a_transaction_that_was_never_closed_is_left_out_and_the_next_one_is_not()
      throws IOException {
    byte[] open = join(command("MULTI"), command("SET", "a", "1"));
    byte[] whole = join(command("MULTI"), command("SET", "b", "1"), command("EXEC"));
    aof(Map.of(MANIFEST, ONE_INCR, BASE, RDB, INCR, join(TWO_KEYS, open, whole)));

    assertThat(salvage()).isZero();

    assertThat(salvaged(INCR)).hasBinaryContent(join(TWO_KEYS, whole));
  }

  @Test
  void of_a_log_that_checks_itself_only_groups_that_prove_themselves_are_taken()
      throws IOException {
    byte[] first = join(ascii("#\r\n"), command("SELECT", "0"), command("SET", "a", "first"));
    byte[] flipped = command("SET", "b", "value");
    byte[] second = command("SET", "c", "second");
    byte[] log = new CheckedLog().group(first).group(flipped).group(second).mark(MORE).bytes();
    int value = new String(log, StandardCharsets.ISO_8859_1).indexOf("value");
    log[value] ^= 1;
    aof(Map.of(MANIFEST, ONE_INCR, BASE, RDB, INCR, log));

    assertThat(salvage()).isZero();

    byte[] taken = join(command("SELECT", "0"), command("SET", "a", "first"), second, MORE);
    assertThat(salvaged(INCR)).hasBinaryContent(taken);
    assertThat(output).contains("a group of " + flipped.length + " bytes with CRC");
  }

  @Test
  void what_a_stock_server_appended_behind_a_half_written_group_is_taken() throws IOException {
    byte[] log = new CheckedLog().mark(TWO_KEYS).bytes();
    byte[] half = join(command("SET", "half", "written"), ascii("#G4"));
    aof(Map.of(MANIFEST, ONE_INCR, BASE, RDB, INCR, join(log, half, MORE)));

    assertThat(salvage()).isZero();

    assertThat(salvaged(INCR)).hasBinaryContent(join(TWO_KEYS, MORE));
  }

  @Test
  void of_a_damaged_rdb_base_the_keys_before_the_damage_are_taken() throws IOException {
    aof(Map.of(MANIFEST, ONE_INCR, BASE, Arrays.copyOf(RDB, RDB.length - 20), INCR, TWO_KEYS));

    assertThat(salvage()).isZero();

    assertThat(output).contains("Salvaged 5 keys and 3 commands").contains("Skipped");
    var quiet = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    String[] arguments = {salvaged(BASE).toString()};
    assertThat(CheckRdb.run(arguments, quiet, quiet, InstantSource.system())).isZero();
  }

  @Test
  void a_missing_file_is_a_gap_for_all_later_ones() throws IOException {
    byte[] count = join(command("SELECT", "0"), command("INCR", "n"));
    aof(Map.of(MANIFEST, TWO_INCRS, BASE, RDB, INCR_2, count));

    assertThat(salvage()).isZero();

    assertThat(salvaged(INCR_2)).hasBinaryContent(count);
    assertThat(output)
        .contains("of " + INCR + ", from offset 0 to 0: the file is missing")
        .contains("Not safe to replay over a gap: INCR");
  }

  @Test
  void without_a_manifest_the_files_are_taken_by_their_names() throws IOException {
    aof(Map.of(BASE, RDB, INCR, TWO_KEYS, INCR_2, MORE));

    assertThat(salvage()).isZero();

    assertThat(salvaged(MANIFEST)).hasBinaryContent(join(TWO_INCRS));
    assertThat(output).contains("taken by their names: " + MANIFEST + " does not exist");
  }

  @Test
  void with_a_bad_manifest_too() throws IOException {
    aof(Map.of(MANIFEST, ascii("file nonsense\n"), BASE, RDB, INCR, TWO_KEYS));

    assertThat(salvage()).isZero();

    assertThat(salvaged(MANIFEST)).hasBinaryContent(ONE_INCR);
    assertThat(output).contains("Invalid AOF manifest file format");
  }

  @Test
  void a_single_file_becomes_the_base_of_a_new_aof() throws IOException {
    var file = Files.write(folder.resolve("old.aof"), join(RDB, TWO_KEYS, ascii("zz"), MORE));

    assertThat(salvage(file)).isZero();

    assertThat(folder.resolve("new/appendonlydir/old.aof.1.base.rdb"))
        .hasBinaryContent(join(RDB, TWO_KEYS, MORE));
    assertThat(output)
        .contains("--appenddirname appendonlydir --appendfilename old.aof --appendonly yes");
  }

  @Test
  void where_nothing_can_be_read_there_is_no_aof() throws IOException {
    aof(Map.of(MANIFEST, ONE_INCR, BASE, ascii("what?"), INCR, new byte[99]));

    assertThat(salvage()).isEqualTo(1);

    assertThat(salvaged(MANIFEST)).doesNotExist();
  }

  @Test
  void a_folder_with_something_in_it_is_not_written_to() throws IOException {
    aof(Map.of(MANIFEST, ONE_INCR, BASE, RDB, INCR, TWO_KEYS));
    Files.createDirectory(folder.resolve("new"));
    Files.createFile(folder.resolve("new/mine"));

    assertThat(salvage()).isEqualTo(1);

    assertThat(output).contains("is not empty; name a new folder");
    assertThat(folder.resolve("new")).isDirectoryContaining("glob:**/mine");
  }

  @Test
  void a_stock_server_opens_what_was_salvaged() throws IOException {
    aof(
        Map.of(
            MANIFEST,
            TWO_INCRS,
            BASE,
            Arrays.copyOf(RDB, RDB.length - 20),
            INCR,
            join(TWO_KEYS, ascii("garbage"), MORE),
            INCR_2,
            join(command("SELECT", "3"), command("INCR", "n"), new byte[4096])));
    assertThat(salvage()).isZero();

    try (var server = new StockServer(folder.resolve("new"), folder.resolve("log"))) {
      assertThat(server.ask("GET later")).isEqualTo("1");
      assertThat(server.ask("GET k")).isEqualTo("new");
      assertThat(server.ask("GET k2")).isEqualTo("v2");
      assertThat(server.ask("GET key:1")).isEqualTo("value1");
      assertThat(server.ask("INFO keyspace")).isNotNull();
    }
  }

  private void aof(Map<String, byte[]> files) throws IOException {
    var data = Files.createDirectories(folder.resolve("appendonlydir"));
    for (var file : files.entrySet()) {
      Files.write(data.resolve(file.getKey()), file.getValue());
    }
  }

  private Path salvaged(String name) {
    return folder.resolve("new/appendonlydir").resolve(name);
  }

  private int salvage() {
    return salvage(folder.resolve("appendonlydir").resolve(MANIFEST));
  }

  @Test
  void as_json_it_says_what_it_took_and_left_out_and_nothing_else() throws IOException {
    byte[] count = command("INCR", "n");
    aof(Map.of(MANIFEST, ONE_INCR, BASE, RDB, INCR, join(TWO_KEYS, ascii("xyz"), count)));
    int from = TWO_KEYS.length;
    var target = folder.resolve("appendonlydir").resolve(MANIFEST);

    assertThat(run("--salvage", folder.resolve("new").toString(), "--report", "json", target + ""))
        .isZero();

    assertThat(output)
        .isEqualTo(
            """
            {
              "salvaged": true,
              "manifest": "%s",
              "keys": 6,
              "commands": 4,
              "bytes": %d,
              "manifestProblem": null,
              "files": [
                {
                  "name": "%s",
                  "type": "base",
                  "size": %d,
                  "goodBytes": %d,
                  "entries": 6
                },
                {
                  "name": "%s",
                  "type": "incr",
                  "size": %d,
                  "goodBytes": %d,
                  "entries": 4
                }
              ],
              "skippedBytes": 3,
              "skippedRanges": 1,
              "skipped": [
                {
                  "file": "%s",
                  "from": %d,
                  "to": %d,
                  "reason": "expected '*' at offset %d, found 0x78 ('x')"
                }
              ],
              "unsafe": [
                {
                  "command": "INCR",
                  "count": 1,
                  "file": "%s",
                  "offset": %d,
                  "key": "n"
                }
              ],
              "commandsWithoutDatabase": 1,
              "open": [
                "--dir",
                "%s",
                "--appenddirname",
                "appendonlydir",
                "--appendfilename",
                "appendonly.aof",
                "--appendonly",
                "yes"
              ]
            }
            """
                .formatted(
                    folder.resolve("new/appendonlydir").resolve(MANIFEST),
                    RDB.length + from + count.length,
                    BASE,
                    RDB.length,
                    RDB.length,
                    INCR,
                    from + 3 + count.length,
                    from + count.length,
                    INCR,
                    from,
                    from + 3,
                    from,
                    INCR,
                    from + 3,
                    folder.resolve("new")));
  }

  @Test
  void as_json_it_says_that_there_is_nothing() throws IOException {
    aof(Map.of(MANIFEST, ONE_INCR, BASE, ascii("what?"), INCR, new byte[99]));
    var target = folder.resolve("appendonlydir").resolve(MANIFEST);

    assertThat(run("--report", "json", "--salvage", folder.resolve("new").toString(), target + ""))
        .isEqualTo(1);

    assertThat(output)
        .startsWith("{\n  \"salvaged\": false,\n  \"manifest\": null,\n  \"keys\": 0,")
        .contains("\"open\": []");
  }

  private int salvage(Path target) {
    return run("--salvage", folder.resolve("new").toString(), target.toString());
  }

  private int run(String... arguments) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int exitCode =
        CheckAof.run(arguments, InputStream.nullInputStream(), out, InstantSource.system());
    output = bytes.toString(StandardCharsets.UTF_8);
    return exitCode;
  }
}
