package dev.holdfast.operator.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RespConnectionTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static Reply answerTo(String raw) throws IOException {
    try (var server = FakeServer.resp(command -> raw);
        var connection = RespConnection.open("127.0.0.1", server.port(), TIMEOUT)) {
      return connection.command("PING");
    }
  }

  @Test
  void everyKindOfReplyIsRead() throws IOException {
    assertThat(answerTo("+PONG\r\n")).isEqualTo(new Reply.Text("PONG"));
    assertThat(answerTo(":-7\r\n")).isEqualTo(new Reply.Number(-7));
    assertThat(answerTo("$-1\r\n")).isEqualTo(new Reply.Nil());
    assertThat(answerTo("$5\r\na\r\nbc\r\n")).isEqualTo(new Reply.Text("a\r\nbc"));
    assertThat(answerTo("-MISCONF Errors\r\n")).isEqualTo(new Reply.Failure("MISCONF Errors"));
    assertThat(answerTo("*2\r\n$1\r\na\r\n*0\r\n"))
        .isEqualTo(new Reply.Items(List.of(new Reply.Text("a"), new Reply.Items(List.of()))));
  }

  @Test
  void commandsAreSentWithTheirLengthsInBytes() throws IOException {
    try (var server = FakeServer.resp(command -> "+OK\r\n");
        var connection = RespConnection.open("127.0.0.1", server.port(), TIMEOUT)) {
      connection.command("SET", "schlüssel", "wört");

      assertThat(server.requests).containsExactly("SET schlüssel wört");
    }
  }

  @Test
  void anErrorWhereNoneIsExpectedIsThrownInTheServersWords() {
    assertThatThrownBy(
            () -> {
              try (var server = FakeServer.resp(command -> "-WRONGPASS invalid\r\n");
                  var connection = RespConnection.open("127.0.0.1", server.port(), TIMEOUT)) {
                connection.expect("AUTH", "default", "secret");
              }
            })
        .hasMessageContaining("WRONGPASS invalid")
        .hasMessageNotContaining("secret");
  }

  @Test
  void whatIsNoRespEndsTheConversation() {
    for (var raw : new String[] {"HTTP/1.1 400\r\n", "$x\r\n", "$3\r\nabcdef\r\n", "\r\n"}) {
      assertThatThrownBy(() -> answerTo(raw))
          .as(raw)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no RESP");
    }
  }

  @Test
  void aReplyThatIsTooLargeIsNotRead() {
    assertThatThrownBy(() -> answerTo("$999999999\r\n")).hasMessageContaining("too large");
    assertThatThrownBy(() -> answerTo("*999999999\r\n")).hasMessageContaining("too large");
    assertThatThrownBy(() -> answerTo("*1\r\n".repeat(100))).hasMessageContaining("nested");
  }

  @Test
  void aConnectionThatBreaksInsideAReplyIsAnError() {
    assertThatThrownBy(
            () -> {
              try (var server = FakeServer.resp(command -> null);
                  var connection = RespConnection.open("127.0.0.1", server.port(), TIMEOUT)) {
                connection.command("PING");
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void aServerThatSendsAByteNowAndThenIsGivenUpInTime() throws IOException {
    try (var dripping = new DrippingServer();
        var connection =
            RespConnection.open("127.0.0.1", dripping.port(), Duration.ofMillis(400))) {
      var start = System.nanoTime();

      assertThatThrownBy(() -> connection.command("PING"))
          .isInstanceOf(SocketTimeoutException.class);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }
}
