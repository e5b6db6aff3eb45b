package dev.holdfast.tools.prepare;

import dev.holdfast.engine.config.CommandLine;
import dev.holdfast.engine.config.ConfigFiles;
import dev.holdfast.engine.config.Words;
import dev.holdfast.formats.check.DataFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration says about where the data is. Everything else is passed over, known or not,
 * because the server that will read it may be one whose directives we do not know.
 *
 * @param databases how many a server has; as many as stock servers where that is no number
 * @param dir the directive {@code dir}; none when it is not set
 */
record StoreConfig(
    boolean appendOnly,
    String appendFileName,
    String appendDirName,
    String dbFileName,
    int databases,
    Optional<String> dir) {

  private static final int STOCK_DATABASES = 16;

  private static final int DEEPEST_INCLUDE = 16;

  /**
   * Reads a file with all it includes, then the server's own arguments, which win over it.
   *
   * @throws IOException when a file cannot be read or a line's quotes are not balanced, with file
   *     and line
   */
  static StoreConfig read(Optional<String> file, List<String> serverArguments, ConfigFiles files)
      throws IOException {
    var values = new HashMap<String, String>();
    if (file.isPresent()) {
      read(file.get(), files, values, 0);
    }
    var words = new ArrayList<>(List.of(file.orElse("redis.conf")));
    words.addAll(serverArguments);
    for (var option : CommandLine.parse(words).options()) {
      values.put(option.name().toLowerCase(Locale.ROOT), String.join(" ", option.values()));
    }
    return new StoreConfig(
        values.getOrDefault("appendonly", "no").equalsIgnoreCase("yes"),
        values.getOrDefault("appendfilename", "appendonly.aof"),
        values.getOrDefault("appenddirname", "appendonlydir"),
        values.getOrDefault("dbfilename", "dump.rdb"),
        databases(values.getOrDefault("databases", "")),
        Optional.ofNullable(values.get("dir")));
  }

  private static int databases(String value) {
    return value.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(value) : STOCK_DATABASES;
  }

  /**
   * The same as a place: {@code dir} as it was settled, which need not be what the configuration
   * says.
   */
  DataFolder folder(Path data) {
    return new DataFolder(data, appendDirName, appendFileName, dbFileName, appendOnly);
  }

  private static void read(String path, ConfigFiles files, Map<String, String> values, int depth)
      throws IOException {
    if (depth > DEEPEST_INCLUDE) {
      throw new IOException(
          "configuration file " + path + " includes itself, or is included too deep");
    }
    String text;
    try {
      text = files.read(path);
    } catch (IOException e) {
      throw new IOException("cannot read configuration file " + path + ": " + e.getMessage(), e);
    }
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> words = Words.split(line);
      if (words == null) {
        throw new IOException(
            "configuration file %s, line %d: quotes are not balanced: %s"
                .formatted(path, number, line));
      }
      if (words.size() != 2) {
        continue;
      }
      if (words.getFirst().equalsIgnoreCase("include")) {
        for (String included : files.expand(words.get(1))) {
          read(included, files, values, depth + 1);
        }
      } else {
        values.put(words.getFirst().toLowerCase(Locale.ROOT), words.get(1));
      }
    }
  }
}
