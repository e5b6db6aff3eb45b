package dev.holdfast.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP on the store's port: what a web page can make a browser send. */
class CrossProtocolTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /x HTTP/1.1\r\nHost: a\r\n\r\nSET pwned 1\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nSET pwned 1\r\n",
        "*1\r\n$4\r\npost\r\n*3\r\n$3\r\nSET\r\n$5\r\npwned\r\n$1\r\n1\r\n",
        "MULTI\r\nhOsT: a\r\nSET pwned 1\r\nEXEC\r\n"
      })
  void theConnectionIsClosedBeforeTheBodyIsRead(String request) throws Exception {
    try (var engine = TestEngine.start(folder);
        var browser = engine.client();
        var client = engine.client()) {
      browser.sendRaw(request.getBytes(StandardCharsets.ISO_8859_1));
      if (!request.startsWith("POST") && !request.startsWith("*")) {
        browser.reply(); // what stands before Host: is a command like any other
      }
      assertThat(browser.isClosed()).isTrue();
      assertThat(client.call("EXISTS", "pwned")).isEqualTo(":0\r\n");
      assertThat(engine.log()).contains("Possible SECURITY ATTACK detected", "127.0.0.1:");
    }
  }
}
