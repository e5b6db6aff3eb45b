package dev.holdfast.operator.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What {@code kubectl get} prints, made as it makes it: the API server is asked for the table, and
 * only the columns are aligned here.
 */
final class Kubectl {
  private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** kubectl's tab stops. */
  private static final int LEAST_WIDTH = 6;

  private static final int PADDING = 3;

  private final KubernetesClient client;

  Kubectl(KubernetesClient client) {
    this.client = client;
  }

  /**
   * {@code kubectl get} of one object.
   *
   * @param path the object's path below the API server's address, without a slash in front
   */
  String get(String path) throws Exception {
    var address = URI.create(client.getMasterUrl().toString()).resolve("/" + path);
    var answer =
        client
            .getHttpClient()
            .sendAsync(
                client
                    .getHttpClient()
                    .newHttpRequestBuilder()
                    .uri(address)
                    .header("Accept", TABLE)
                    .build(),
                String.class)
            .get(30, TimeUnit.SECONDS);
    if (answer.code() != 200) {
      throw new AssertionError(
          "expected a table of %s, found %d: %s".formatted(path, answer.code(), answer.body()));
    }
    return table(JSON.readTree(answer.body()));
  }

  /** The table as kubectl prints it without {@code -o wide}. */
  static String table(JsonNode table) {
    var definitions = table.path("columnDefinitions");
    var shown =
        IntStream.range(0, definitions.size())
            .filter(column -> definitions.get(column).path("priority").asInt() == 0)
            .boxed()
            .toList();
    var lines = new ArrayList<List<String>>();
    lines.add(
        shown.stream()
            .map(column -> definitions.get(column).path("name").asText().toUpperCase(Locale.ROOT))
            .toList());
    for (var row : table.path("rows")) {
      lines.add(shown.stream().map(column -> text(row.path("cells").get(column))).toList());
    }
    return aligned(lines);
  }

  /**
   * {@code kubectl get -o custom-columns=…} of one object.
   *
   * @param columns heading to value; a value that is not there is null
   */
  static String columns(Map<String, Object> columns) {
    return aligned(
        List.of(
            List.copyOf(columns.keySet()),
            columns.values().stream()
                .map(value -> value == null ? "<none>" : value.toString())
                .toList()));
  }

  private static String text(JsonNode cell) {
    return cell == null || cell.isNull() ? "" : cell.asText();
  }

  private static String aligned(List<List<String>> lines) {
    var text = new StringBuilder();
    for (var line : lines) {
      for (var column = 0; column < line.size() - 1; column++) {
        var at = column;
        var longest = lines.stream().mapToInt(one -> one.get(at).length()).max().orElse(0);
        var width = Math.max(LEAST_WIDTH, longest + PADDING);
        text.append(("%-" + width + "s").formatted(line.get(column)));
      }
      text.append(line.getLast()).append('\n');
    }
    return text.toString().stripTrailing();
  }
}
