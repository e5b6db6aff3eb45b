package dev.holdfast.tools.check;

import static dev.holdfast.tools.check.AofSamples.BASE;
import static dev.holdfast.tools.check.AofSamples.INCR;
import static dev.holdfast.tools.check.AofSamples.INCR_2;
import static dev.holdfast.tools.check.AofSamples.MANIFEST;
import static dev.holdfast.tools.check.AofSamples.ONE_INCR;
import static dev.holdfast.tools.check.AofSamples.TWO_INCRS;
import static dev.holdfast.tools.check.AofSamples.TWO_KEYS;
import static dev.holdfast.tools.check.AofSamples.ascii;
import static dev.holdfast.tools.check.AofSamples.command;
import static dev.holdfast.tools.check.AofSamples.join;
import static dev.holdfast.tools.check.AofSamples.without;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stock tool is the oracle: on the same files with the same arguments and answers, exit code,
 * key lines and what is left of the files are the same. Where we differ on purpose, {@link
 * CheckAofTest} says why.
 */
class CheckAofAgainstStockTest {

  private static final byte[] STAMPED =
      join(
          ascii("#TS:100\r\n"), command("SET", "a", "1"),
          ascii("#TS:200\r\n"), command("SET", "b", "1"),
          ascii("#TS:300\r\n"), command("SET", "c", "1"));

  private static final byte[] STAMPED_LATER =
      ascii(new String(STAMPED, StandardCharsets.US_ASCII).replace("TS:", "TS:1"));

  @TempDir Path folder;

  /** Files, arguments and what is typed at the prompt. */
  record Case(String name, Map<String, byte[]> files, List<String> arguments, String typed) {
    @Override
    public String toString() {
      return name
          + " "
          + String.join(" ", arguments)
          + (typed.isEmpty() ? "" : ", answer " + typed.strip());
    }
  }

  @ParameterizedTest
  @MethodSource({"singleFiles", "multiPart", "manifests", "timestamps", "mistakes"})
  void says_and_does_what_the_stock_tool_does(Case sample) throws Exception {
    var tool = new StockTool(Files.createDirectories(folder.resolve("appendonlydir")));

    var expected = tool.stock(sample.files(), sample.arguments(), sample.typed());

    assertThat(tool.ours(sample.files(), sample.arguments(), sample.typed())).isEqualTo(expected);
  }

  static Stream<Case> singleFiles() {
    var tails = new LinkedHashMap<String, byte[]>();
    tails.put("good", new byte[0]);
    tails.put("truncated in a value", without(command("SET", "k3", "v3"), 4));
    tails.put("truncated in a length", ascii("*3\r\n$3\r\nSE"));
    tails.put("garbage", ascii("garbage"));
    tails.put("zeros", new byte[100]);
    tails.put("open transaction", join(command("MULTI"), command("SET", "a", "b")));
    tails.put(
        "closed transaction", join(command("MULTI"), command("SET", "a", "b"), command("EXEC")));
    tails.put("nested MULTI", join(command("MULTI"), command("MULTI"), command("EXEC")));
    tails.put("EXEC alone", command("EXEC"));
    tails.put("no number", ascii("*3\r\n$3\r\nSET\r\n$x\r\nk\r\n$1\r\nv\r\n"));
    tails.put("no line end", ascii("*3\r\n$3\r\nSET\r\n$1\r\nkXX$1\r\nv\r\n"));
    tails.put("length far beyond the end", ascii("*1\r\n$99999999999\r\nx"));
    tails.put("line feed alone", ascii("*1\n$4\nPING\n"));
    tails.put("annotation", join(ascii("#H:zzz\r\n"), command("SET", "x", "y")));
    tails.put("damage in the middle", join(ascii("xxx"), TWO_KEYS));
    var cases = new ArrayList<Case>();
    tails.forEach(
        (name, tail) -> {
          var files = Map.of("a.aof", join(TWO_KEYS, tail));
          cases.add(new Case(name, files, List.of("a.aof"), ""));
          for (String answer : List.of("y\n", "Y\n", "n\n", "")) {
            cases.add(new Case(name, files, List.of("--fix", "a.aof"), answer));
          }
        });
    cases.add(new Case("empty file", Map.of("a.aof", new byte[0]), List.of("a.aof"), ""));
    cases.add(
        new Case(
            "nothing but garbage",
            Map.of("a.aof", ascii("garbage")),
            List.of("--fix", "a.aof"),
            "y\n"));
    return cases.stream();
  }

  static Stream<Case> multiPart() {
    byte[] torn = join(TWO_KEYS, ascii("*1\r\n"));
    var cases = new ArrayList<Case>();
    for (boolean fix : List.of(false, true)) {
      var arguments = fix ? List.of("--fix", MANIFEST) : List.of(MANIFEST);
      cases.add(
          new Case(
              "good",
              Map.of(MANIFEST, ONE_INCR, BASE, TWO_KEYS, INCR, TWO_KEYS),
              arguments,
              "y\n"));
      cases.add(
          new Case(
              "torn last file",
              Map.of(MANIFEST, ONE_INCR, BASE, TWO_KEYS, INCR, torn),
              arguments,
              "y\n"));
      cases.add(
          new Case(
              "torn first file",
              Map.of(MANIFEST, TWO_INCRS, BASE, TWO_KEYS, INCR, torn, INCR_2, TWO_KEYS),
              arguments,
              "y\n"));
      cases.add(
          new Case(
              "torn before an empty file",
              Map.of(MANIFEST, TWO_INCRS, BASE, TWO_KEYS, INCR, torn, INCR_2, new byte[0]),
              arguments,
              "y\n"));
      cases.add(
          new Case(
              "torn base",
              Map.of(MANIFEST, ONE_INCR, BASE, torn, INCR, TWO_KEYS),
              arguments,
              "y\n"));
      cases.add(
          new Case(
              "empty files",
              Map.of(MANIFEST, ONE_INCR, BASE, new byte[0], INCR, new byte[0]),
              arguments,
              ""));
      cases.add(
          new Case("missing base", Map.of(MANIFEST, ONE_INCR, INCR, TWO_KEYS), arguments, ""));
      cases.add(
          new Case("missing incr", Map.of(MANIFEST, ONE_INCR, BASE, TWO_KEYS), arguments, ""));
      cases.add(
          new Case(
              "base alone, torn",
              Map.of(MANIFEST, ascii("file " + BASE + " seq 1 type b\n"), BASE, torn),
              arguments,
              "y\n"));
      cases.add(
          new Case(
              "no base",
              Map.of(MANIFEST, ascii("file " + INCR + " seq 1 type i\n"), INCR, TWO_KEYS),
              arguments,
              ""));
    }
    return cases.stream();
  }

  static Stream<Case> manifests() {
    var texts = new LinkedHashMap<String, String>();
    String good = new String(ONE_INCR, StandardCharsets.US_ASCII);
    texts.put("empty", "");
    texts.put("blank line", good + "\n");
    texts.put("comment", "# hi\n" + good);
    texts.put("history", "file old.rdb seq 1 type h\n" + good);
    texts.put("two bases", good + "file a seq 2 type b\n");
    texts.put("same sequence number", good + "file b seq 1 type i\n");
    texts.put("unknown type", good + "file b seq 2 type z\n");
    texts.put("a path", good + "file ../b seq 2 type i\n");
    texts.put("odd words", good + "file b seq 2 type\n");
    texts.put("too few words", good + "file b seq 2\n");
    texts.put("sequence number zero", "file b seq 0 type i\n");
    texts.put("text", good + "hello\n");
    texts.put("unknown key", good.replace("type i", "type i startoffset 5"));
    texts.put("quoted name", good.replace(INCR, "\"" + INCR + "\""));
    texts.put("unbalanced quotes", good + "file \"b seq 2 type i\n");
    texts.put("upper case key", good.replace("seq", "SEQ"));
    return texts.entrySet().stream()
        .map(
            text ->
                new Case(
                    "manifest: " + text.getKey(),
                    Map.of(MANIFEST, ascii(text.getValue()), BASE, TWO_KEYS, INCR, TWO_KEYS),
                    List.of(MANIFEST),
                    ""));
  }

  static Stream<Case> timestamps() {
    var cases = new ArrayList<Case>();
    for (String time : List.of("-5", "0", "50", "100", "150", "200", "299", "300", "400", "5x")) {
      var arguments = List.of("--truncate-to-timestamp", time);
      cases.add(timed("single", Map.of("a.aof", STAMPED), arguments, "a.aof"));
      cases.add(
          timed("damaged end", Map.of("a.aof", join(STAMPED, ascii("xx"))), arguments, "a.aof"));
      cases.add(timed("no stamps", Map.of("a.aof", TWO_KEYS), arguments, "a.aof"));
      cases.add(
          timed(
              "in the last file",
              Map.of(MANIFEST, ONE_INCR, BASE, TWO_KEYS, INCR, STAMPED),
              arguments,
              MANIFEST));
      cases.add(
          timed(
              "in the base",
              Map.of(MANIFEST, ONE_INCR, BASE, STAMPED, INCR, STAMPED_LATER),
              arguments,
              MANIFEST));
    }
    var two = Map.of(MANIFEST, TWO_INCRS, BASE, TWO_KEYS, INCR, STAMPED, INCR_2, STAMPED_LATER);
    cases.add(
        timed("before the last file", two, List.of("--truncate-to-timestamp", "250"), MANIFEST));
    cases.add(
        timed("in the second file", two, List.of("--truncate-to-timestamp", "1150"), MANIFEST));
    return cases.stream();
  }

  private static Case timed(
      String name, Map<String, byte[]> files, List<String> arguments, String target) {
    return new Case(name, files, Stream.concat(arguments.stream(), Stream.of(target)).toList(), "");
  }

  static Stream<Case> mistakes() {
    var files = Map.of("a.aof", TWO_KEYS);
    return Stream.of(
            "",
            "no-such-file",
            "--help",
            "--fix",
            "--unknown a.aof",
            "--fix --fix a.aof b",
            ".",
            "a.aof --fix",
            "--fix --truncate-to-timestamp 5 a.aof")
        .map(
            line ->
                new Case(
                    "mistake",
                    files,
                    line.isEmpty() ? List.of() : Arrays.asList(line.split(" ")),
                    ""));
  }
}
