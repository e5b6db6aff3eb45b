package dev.holdfast.operator.store.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.operator.api.v1alpha1.ReservedDirectives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A directive that the engine reads only at its start must either be refused in spec or replace the
 * pod; otherwise the store would be stalled by a value that can never be sent. Read from the
 * engine's source, because the operator must not depend on the engine.
 */
class FixedDirectivesTest {

  private static final Path DIRECTIVES =
      Path.of("../../store-image/engine/src/main/java/dev/holdfast/engine/config/Directives.java");

  private static final Pattern FIXED =
      Pattern.compile(
          "(?:(?:fixed|ignoredFixed|guarded)\\(|refused\\((?=[^;]*Change\\.NEVER))"
              + "\\s*\"([^\"]+)\",\\s*(?:null|\"([^\"]+)\")");

  @Test
  void eachDirectiveThatCannotChangeLiveIsRefusedOrReplacesThePod() throws IOException {
    SortedMap<String, String> fixed = new TreeMap<>();
    var found = FIXED.matcher(Files.readString(DIRECTIVES));
    while (found.find()) {
      fixed.put(found.group(1), "");
      if (found.group(2) != null) {
        fixed.put(found.group(2), "");
      }
    }
    assertThat(fixed)
        .as("the table is found")
        .containsKeys("databases", "slaveof", "tls-port", "io-threads");

    fixed.keySet().removeAll(ReservedDirectives.messages().keySet());
    fixed.keySet().removeAll(Settings.atStart(fixed).keySet());

    assertThat(fixed).isEmpty();
  }
}
