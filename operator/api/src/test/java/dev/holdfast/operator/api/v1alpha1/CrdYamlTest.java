package dev.holdfast.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code crds/} to the Java types. After a change of the types, write the files anew with
 *
 * <pre>./mvnw -pl operator/api test -Dtest=CrdYamlTest -Dcrds.write=true</pre>
 */
class CrdYamlTest {

  private static final Path CRDS = Path.of("..", "..", "crds");

  @Test
  void theCheckedInFilesAreMadeFromTheTypesAsTheyAre() throws IOException {
    var wanted = CrdYaml.all();
    if (Boolean.getBoolean("crds.write")) {
      Files.createDirectories(CRDS);
      for (var file : wanted.entrySet()) {
        Files.writeString(CRDS.resolve(file.getKey()), file.getValue());
      }
    }
    assertThat(wanted).isNotEmpty();
    for (var file : wanted.entrySet()) {
      assertThat(CRDS.resolve(file.getKey()))
          .as("stale: run ./mvnw -pl operator/api test -Dtest=CrdYamlTest -Dcrds.write=true")
          .exists()
          .hasContent(file.getValue());
    }
  }
}
