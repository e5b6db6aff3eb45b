package dev.holdfast.engine.health;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** An answer with a short text, after which the connection is closed. */
record HttpResponse(int status, String contentType, String extraHeader, String body) {

  static HttpResponse text(int status, String line) {
    return new HttpResponse(status, "text/plain; charset=utf-8", "", line + "\n");
  }

  static HttpResponse json(String body) {
    return new HttpResponse(200, "application/json", "", body);
  }

  static HttpResponse unauthorized() {
    return new HttpResponse(
        401,
        "text/plain; charset=utf-8",
        "WWW-Authenticate: Bearer\r\n",
        "send the password of user default as 'Authorization: Bearer <password>'\n");
  }

  byte[] encode(boolean withBody) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%sConnection: close\r\n\r\n"
            .formatted(status, reason(), contentType, content.length, extraHeader);
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    if (withBody) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }

  private String reason() {
    return switch (status) {
      case 200 -> "OK";
      case 401 -> "Unauthorized";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      default -> "Service Unavailable";
    };
  }
}
