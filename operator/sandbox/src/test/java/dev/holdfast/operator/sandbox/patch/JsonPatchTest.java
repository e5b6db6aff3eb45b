package dev.holdfast.operator.sandbox.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** RFC 6902. */
class JsonPatchTest {
  @Test
  void operationsWorkInOrderOnACopy() throws IOException {
    JsonNode before = json("{\"a\": [1, 3], \"b\": {\"c/d\": 1}}");
    JsonNode after =
        JsonPatch.apply(
            before,
            json(
                """
                [{"op": "add", "path": "/a/1", "value": 2},
                 {"op": "add", "path": "/a/-", "value": 4},
                 {"op": "move", "from": "/b/c~1d", "path": "/e"},
                 {"op": "copy", "from": "/a", "path": "/f"},
                 {"op": "remove", "path": "/a/0"},
                 {"op": "replace", "path": "/b", "value": null}]"""));
    assertThat(after)
        .isEqualTo(json("{\"a\": [2, 3, 4], \"b\": null, \"e\": 1, \"f\": [1, 2, 3, 4]}"));
    assertThat(before).isEqualTo(json("{\"a\": [1, 3], \"b\": {\"c/d\": 1}}"));
  }

  @Test
  void aPathThatIsNotThereIsAnError() throws IOException {
    JsonNode object = json("{\"a\": 1}");
    for (String operation : new String[] {"remove", "replace"}) {
      JsonNode patch =
          json("[{\"op\": \"%s\", \"path\": \"/b\", \"value\": 1}]".formatted(operation));
      assertThatThrownBy(() -> JsonPatch.apply(object, patch))
          .isInstanceOf(PatchException.class)
          .hasMessageContaining("/b");
    }
  }

  private static JsonNode json(String text) throws IOException {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
