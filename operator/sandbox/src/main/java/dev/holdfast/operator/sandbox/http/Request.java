package dev.holdfast.operator.sandbox.http;

import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 request, its body read whole.
 *
 * @param path the decoded path without the query
 * @param query parameters in order of appearance
 * @param headers names in lower case; the last of several with one name counts
 * @param raw what follows on the connection, for protocols that are upgraded to
 */
public record Request(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    byte[] body,
    InputStream raw) {

  /** The first value of a query parameter, or {@code fallback}. */
  public String parameter(String name, String fallback) {
    List<String> values = query.get(name);
    return values == null ? fallback : values.getFirst();
  }

  /** Whether a query parameter is {@code true} or {@code 1}. */
  public boolean flag(String name) {
    String value = parameter(name, "");
    return value.equals("true") || value.equals("1");
  }

  /** A header by its lower-case name, or the empty string. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Whether the client asks for a WebSocket. */
  public boolean wantsWebSocket() {
    return header("upgrade").toLowerCase(Locale.ROOT).equals("websocket");
  }

  static Map<String, List<String>> parseQuery(String text) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.computeIfAbsent(decode(name), n -> new ArrayList<>()).add(decode(value));
      }
    }
    return parameters;
  }

  static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
