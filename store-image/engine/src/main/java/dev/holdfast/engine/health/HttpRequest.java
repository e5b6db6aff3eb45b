package dev.holdfast.engine.health;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The head of an HTTP/1 request; a body is not looked at.
 *
 * @param path without the query
 * @param headers by lower-case name
 */
record HttpRequest(String method, String path, Map<String, String> headers) {

  private static final int MAX_HEAD = 8192;

  /**
   * Reads up to the empty line; empty when that does not come within {@value #MAX_HEAD} bytes or it
   * is not HTTP.
   */
  static Optional<HttpRequest> read(InputStream in) throws IOException {
    byte[] bytes = new byte[MAX_HEAD];
    int length = 0;
    String head = "";
    while (!head.contains("\r\n\r\n")) {
      int read = length == MAX_HEAD ? -1 : in.read(bytes, length, MAX_HEAD - length);
      if (read < 0) {
        return Optional.empty();
      }
      length += read;
      head = new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
    String[] lines = head.substring(0, head.indexOf("\r\n\r\n")).split("\r\n");
    String[] words = lines[0].split(" ");
    if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
      return Optional.empty();
    }
    var headers = new HashMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.put(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).strip());
      }
    }
    return Optional.of(new HttpRequest(words[0], words[1].split("\\?", 2)[0], Map.copyOf(headers)));
  }

  Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }
}
