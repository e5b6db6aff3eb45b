package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.ByteSize;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The directives that a store's spec asks for, and {@code redis.conf} as text. */
final class RedisConf {

  static final String FILE = "redis.conf";

  private static final String HEADER =
      "# Written by the Holdfast operator from the PersistentStore. Changes made here are overwritten: change spec instead.\n";

  private static final Pattern PLAIN = Pattern.compile("[^\\s#\"'\\\\][^\\s\"'\\\\]*");

  /** Directives whose value is several words, which a file must not quote as one. */
  private static final Set<String> SEVERAL_WORDS =
      Set.of(
          "client-output-buffer-limit",
          "latency-tracking-info-percentiles",
          "oom-score-adj-values",
          "tls-protocols");

  private RedisConf() {}

  /** Directive to value, for all that spec says and all that the operator fixes. */
  static SortedMap<String, String> wanted(PersistentStoreSpec spec, MemoryBudget memory) {
    SortedMap<String, String> conf = new TreeMap<>();
    conf.put("maxmemory-policy", "noeviction");
    if (spec.config() != null) {
      conf.putAll(spec.config());
    }
    var persistence = spec.persistence();
    conf.put("appendonly", yesNo(persistence.appendonly()));
    conf.put("appendfsync", persistence.appendfsync().directive());
    conf.put("aof-use-rdb-preamble", yesNo(persistence.aofUseRdbPreamble()));
    conf.put("aof-timestamp-enabled", yesNo(persistence.aofTimestampEnabled()));
    conf.put("no-appendfsync-on-rewrite", yesNo(persistence.noAppendfsyncOnRewrite()));
    conf.put(
        "auto-aof-rewrite-min-size",
        Long.toString(ByteSize.parse(persistence.autoAofRewriteMinSize())));
    conf.put(
        "auto-aof-rewrite-percentage",
        Integer.toString(spec.rewrite().emergency().growthPercent()));
    conf.put("maxmemory", Long.toString(memory.maxmemory()));
    conf.put("save", "");
    return conf;
  }

  private static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }

  /** The file for some directives. */
  static String render(SortedMap<String, String> conf) {
    var text = new StringBuilder(HEADER);
    conf.forEach(
        (directive, value) ->
            text.append(directive).append(' ').append(words(directive, value)).append('\n'));
    return text.toString();
  }

  private static String words(String directive, String value) {
    return PLAIN.matcher(value).matches() || SEVERAL_WORDS.contains(directive)
        ? value
        : quoted(value);
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The directives of a file that {@link #render} wrote. */
  static SortedMap<String, String> parse(String text) {
    SortedMap<String, String> conf = new TreeMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              var space = line.indexOf(' ');
              if (space > 0) {
                conf.put(line.substring(0, space), unquoted(line.substring(space + 1)));
              }
            });
    return conf;
  }

  private static String unquoted(String value) {
    if (!value.startsWith("\"")) {
      return value;
    }
    return value.substring(1, value.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
  }

  /** SHA-256 in hex, of a file or of anything else. */
  static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** SHA-256 over entries in their order. */
  static String sha256(Map<String, String> entries) {
    var text = new StringBuilder();
    entries.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return sha256(text.toString());
  }
}
