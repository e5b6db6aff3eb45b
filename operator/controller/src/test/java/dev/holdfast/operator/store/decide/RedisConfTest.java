package dev.holdfast.operator.store.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.store.Specs;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RedisConfTest {

  @Test
  void theFileHoldsWhatSpecSaysInTheServersWords() {
    var spec =
        Specs.withDefaults(
            "{storage: {size: 1Gi}, persistence: {autoAofRewriteMinSize: 1Gi}, config: {maxmemory-policy: allkeys-lru}}");

    assertThat(RedisConf.render(RedisConf.wanted(spec, MemoryBudget.of(spec))).lines().skip(1))
        .containsExactly(
            "aof-timestamp-enabled yes",
            "aof-use-rdb-preamble yes",
            "appendfsync everysec",
            "appendonly yes",
            "auto-aof-rewrite-min-size 1073741824",
            "auto-aof-rewrite-percentage 400",
            "maxmemory 0",
            "maxmemory-policy allkeys-lru",
            "no-appendfsync-on-rewrite no",
            "save \"\"");
  }

  @Test
  void whatIsWrittenIsReadBackAsItWas() {
    var conf =
        new TreeMap<>(
            Map.of(
                "save", "",
                "proc-title-template", "{title} {listen-addr}",
                "client-output-buffer-limit", "normal 0 0 0",
                "a", "say \"hi\" \\ 'there'",
                "b", "#1",
                "hz", "10"));

    assertThat(RedisConf.parse(RedisConf.render(conf))).isEqualTo(conf);
  }

  @Test
  void valuesOfSeveralWordsAreQuotedAsOneUnlessTheDirectiveTakesSeveral() {
    var text =
        RedisConf.render(
            new TreeMap<>(
                Map.of(
                    "proc-title-template",
                    "{title} x",
                    "client-output-buffer-limit",
                    "normal 0 0 0")));

    assertThat(text)
        .contains("proc-title-template \"{title} x\"\n")
        .contains("client-output-buffer-limit normal 0 0 0\n");
  }
}
