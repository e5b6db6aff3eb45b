package dev.holdfast.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.config.Directive.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/redis-conf.md} says of each directive what the code does with it. */
class DirectivesPageTest {
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private static final Map<Effect, String> WORDS =
      Map.of(Effect.SOME, "effective", Effect.NONE, "no effect", Effect.REFUSED, "refused");

  /** Only {@code INFO} repeats it. */
  private static final Set<String> SHOWN_ONLY = Set.of("repl-backlog-size");

  /** Read by the reader of files, or unknown on purpose. */
  private static final Set<String> NO_SETTINGS =
      Set.of("include", "user", "rename-command", "loadmodule", "sentinel");

  /** A row of the table. */
  record Row(String effect, String words) {}

  /** The rows of the page, by directive. */
  public static Map<String, Row> rows() throws IOException {
    var rows = new TreeMap<String, Row>();
    for (String line : Files.readAllLines(Path.of("../../docs/redis-conf.md"))) {
      String[] cells = line.split(" *\\| *");
      if (line.startsWith("| `")) {
        NAME.matcher(cells[1])
            .results()
            .forEach(
                name ->
                    assertThat(rows.put(name.group(1), new Row(cells[2], cells[3])))
                        .as("an earlier row of %s", name.group(1))
                        .isNull());
      }
    }
    return rows;
  }

  @Test
  void thePageNamesEachDirectiveWithItsEffect() throws IOException {
    var told = new TreeMap<String, String>();
    rows().forEach((name, row) -> told.put(name, row.effect()));
    told.keySet().removeIf(name -> NO_SETTINGS.contains(name) || name.startsWith("tls-"));
    var known = new TreeMap<String, String>();
    Directives.all().forEach((name, one) -> known.put(name, WORDS.get(one.effect())));
    known.keySet().removeIf(name -> name.startsWith("tls-"));
    assertThat(told).isEqualTo(known);
  }

  @Test
  void whatThePageCallsRefusedIsRefusedInItsWords() throws IOException {
    for (var entry : rows().entrySet()) {
      if (entry.getValue().effect().equals("refused")) {
        String words = entry.getValue().words();
        String quoted = words.substring(1, words.indexOf('"', 1));
        assertThatThrownBy(() -> read(entry.getKey() + " a"))
            .as(entry.getKey())
            .isInstanceOf(ConfigException.class)
            .hasMessageEndingWith(quoted);
      }
    }
  }

  private static Config read(String text) throws ConfigException {
    var config = new Config();
    new ConfigFile(config, new DiskConfigFiles(Path.of(""))).loadText(text);
    return config;
  }

  /** Whoever reads a directive names it in the code, beside the list of all of them. */
  @Test
  void onlyEffectiveDirectivesAreRead() throws IOException {
    String code;
    try (var files = Files.walk(Path.of("src/main/java"))) {
      code =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("config/Directives.java"))
              .map(DirectivesPageTest::text)
              .collect(Collectors.joining());
    }
    var read = new TreeSet<String>();
    var effective = new TreeSet<String>();
    Directives.all()
        .forEach(
            (name, one) -> {
              if (code.contains('"' + name + '"') && !SHOWN_ONLY.contains(name)) {
                read.add(name);
              }
              if (one.effect() == Effect.SOME) {
                effective.add(name);
              }
            });
    assertThat(read).isEqualTo(effective);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void whatIsSetInVainIsTold() throws ConfigException {
    var config = read("maxmemory-clients 1gb\nshutdown-on-sigterm save\nhz 11\ndynamic-hz yes\n");
    assertThat(config.withoutEffect())
        .isEqualTo(List.of("maxmemory-clients", "shutdown-on-sigterm"));
  }
}
