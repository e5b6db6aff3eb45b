package dev.holdfast.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords and the version of the protocol. */
class AuthenticationTest {
  @TempDir Path folder;

  @Test
  void withAPasswordNothingIsServedBeforeAuth() throws IOException {
    try (var engine = TestEngine.start(folder, "--requirepass", "secret");
        var client = engine.client()) {
      assertThat(client.call("GET", "k")).isEqualTo("-NOAUTH Authentication required.\r\n");
      assertThat(client.call("HELLO", "3"))
          .startsWith("-NOAUTH HELLO must be called with the client already authenticated");
      assertThat(client.call("AUTH", "wrong"))
          .isEqualTo("-WRONGPASS invalid username-password pair or user is disabled.\r\n");
      assertThat(client.call("AUTH", "somebody", "secret")).startsWith("-WRONGPASS");
      assertThat(client.call("AUTH", "secret")).isEqualTo("+OK\r\n");
      assertThat(client.call("GET", "k")).isEqualTo("$-1\r\n");
    }
  }

  @Test
  void helloAuthenticatesNamesAndSwitchesTheProtocolAtOnce() throws IOException {
    try (var engine = TestEngine.start(folder, "--requirepass", "secret");
        var client = engine.client()) {
      assertThat(client.call("HELLO", "3", "AUTH", "default", "secret", "SETNAME", "me"))
          .startsWith("%7\r\n$6\r\nserver\r\n");
      assertThat(client.call("CLIENT", "GETNAME")).isEqualTo("$2\r\nme\r\n");
      assertThat(client.call("GET", "k")).isEqualTo("_\r\n");
    }
  }

  @Test
  void thePasswordChangesWhileTheServerRuns() throws IOException {
    try (var engine = TestEngine.start(folder);
        var client = engine.client()) {
      client.call("CONFIG", "SET", "requirepass", "new");
      assertThat(client.call("PING")).as("who is in stays in").isEqualTo("+PONG\r\n");
      try (var later = engine.client()) {
        assertThat(later.call("PING")).startsWith("-NOAUTH");
        assertThat(later.call("AUTH", "new")).isEqualTo("+OK\r\n");
      }
      client.call("CONFIG", "SET", "requirepass", "");
      try (var later = engine.client()) {
        assertThat(later.call("PING")).isEqualTo("+PONG\r\n");
      }
    }
  }

  @Test
  void resetAsksForThePasswordAgain() throws IOException {
    try (var engine = TestEngine.start(folder, "--requirepass", "secret");
        var client = engine.client()) {
      client.call("AUTH", "secret");
      client.call("RESET");
      assertThat(client.call("PING")).startsWith("-NOAUTH");
    }
  }

  @Test
  void debugIsForThoseWhomTheConfigurationAllows() throws IOException {
    try (var engine = TestEngine.start(folder, "--enable-debug-command", "no");
        var client = engine.client()) {
      assertThat(client.call("DEBUG", "DIGEST")).startsWith("-ERR DEBUG command not allowed.");
    }
  }
}
