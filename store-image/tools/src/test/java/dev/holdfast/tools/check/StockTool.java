package dev.holdfast.tools.check;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** {@code redis-check-aof} of Redis 7.0 as the oracle for ours, on the same files. */
final class StockTool {

  /**
   * Every line that scripts look for. What we add on other lines, such as details of a damage, is
   * ours.
   */
  private static final Pattern KEY_LINE =
      Pattern.compile(
          "(Start|RDB preamble|AOF analyzed|AOF .* (is|has)|BASE AOF|INCR AOF|This will|Continue|Successfully|Failed"
              + "|Truncate nothing|All AOF|Cannot|Invalid|\\*\\*\\* FATAL|Reading the manifest|>>>|Found|Unknown AOF|File can't|The AOF manifest"
              + "|\\[offset \\d+\\]|\\[info\\]|--- RDB|Aborting).*");

  private final String program;
  private final Path folder;

  /** Where a run of a tool ended: what it said that counts, and what it left of the files. */
  record Outcome(int exitCode, List<String> lines, Map<String, String> files) {}

  /**
   * @param folder where the files go for each run
   */
  StockTool(Path folder) {
    this.program = System.getenv("REDIS7_CHECK_AOF");
    this.folder = folder;
    assumeTrue(
        program != null,
        "REDIS7_CHECK_AOF names no redis-check-aof of Redis 7: nothing to compare with");
  }

  /** What the stock tool makes of fresh copies of the files. */
  Outcome stock(Map<String, byte[]> files, List<String> arguments, String typed)
      throws IOException, InterruptedException {
    write(files);
    return outcome(ToolRun.process(program, located(arguments), typed), files);
  }

  /** What ours makes of them. */
  Outcome ours(Map<String, byte[]> files, List<String> arguments, String typed) throws IOException {
    write(files);
    return outcome(ToolRun.checkAof(located(arguments), typed), files);
  }

  private Outcome outcome(ToolRun run, Map<String, byte[]> files) throws IOException {
    var left = new TreeMap<String, String>();
    for (String file : files.keySet()) {
      left.put(file, Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1));
    }
    return new Outcome(run.exitCode(), keyLines(run.output()), left);
  }

  private void write(Map<String, byte[]> files) throws IOException {
    for (var file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private List<String> located(List<String> arguments) {
    return arguments.stream()
        .map(
            word ->
                word.startsWith("-") || word.matches("\\d+x?")
                    ? word
                    : folder.resolve(word).toString())
        .toList();
  }

  /**
   * The lines that count, without process ids, times, our added facts, and the name of the program.
   */
  private static List<String> keyLines(String output) {
    boolean badRdb = output.contains("--- RDB ERROR");
    return output
        .lines()
        .map(line -> line.replaceFirst("^\\d+:C \\d+ \\w+ \\d+ [\\d:.]+ # ", ""))
        .map(
            line ->
                line.replaceFirst(" format error.*", " format error")
                    .replaceFirst("(Invalid timestamp annotation).*", "$1")
                    .replaceFirst("redis-check-aof\\.", "holdfast-check-aof."))
        .map(line -> line.startsWith("AOF ") && line.endsWith(" format error") ? "" : line)
        .filter(line -> KEY_LINE.matcher(line).matches())
        .filter(line -> !badRdb || !isDetail(line))
        .toList();
  }

  /** Where exactly damage of an RDB file is noticed, and in which words, is each tool's own. */
  private static boolean isDetail(String line) {
    return line.startsWith("[offset")
        && !line.matches("\\[offset \\d+\\] (AUX|Selecting|Checking).*");
  }
}
