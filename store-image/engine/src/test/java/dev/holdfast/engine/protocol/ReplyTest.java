package dev.holdfast.engine.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTest {
  private final BufferPool pool = new BufferPool();

  private String resp(int protocol, Consumer<Reply> writes) {
    var buffer = new ReplyBuffer(pool);
    var reply = new Reply(buffer);
    reply.protocol(protocol);
    writes.accept(reply);
    var text = Sent.text(buffer);
    assertThat(pool.usedBytes()).isZero();
    return text;
  }

  private void expect(Consumer<Reply> writes, String resp2, String resp3) {
    assertThat(resp(2, writes)).isEqualTo(resp2);
    assertThat(resp(3, writes)).isEqualTo(resp3);
  }

  @Test
  void simpleRepliesAreTheSameInBothProtocols() {
    expect(Reply::ok, "+OK\r\n", "+OK\r\n");
    expect(r -> r.status("PONG"), "+PONG\r\n", "+PONG\r\n");
    expect(r -> r.integer(7), ":7\r\n", ":7\r\n");
    expect(
        r -> r.integer(Long.MIN_VALUE), ":-9223372036854775808\r\n", ":-9223372036854775808\r\n");
    expect(r -> r.bulk("héllo"), "$6\r\nh\u00c3\u00a9llo\r\n", "$6\r\nh\u00c3\u00a9llo\r\n");
    expect(r -> r.bulkInteger(-12), "$3\r\n-12\r\n", "$3\r\n-12\r\n");
    expect(r -> r.array(2), "*2\r\n", "*2\r\n");
  }

  @Test
  void whatResp2LacksBecomesItsNearestKin() {
    expect(Reply::nil, "$-1\r\n", "_\r\n");
    expect(Reply::nilArray, "*-1\r\n", "_\r\n");
    expect(r -> r.map(3), "*6\r\n", "%3\r\n");
    expect(r -> r.set(3), "*3\r\n", "~3\r\n");
    expect(r -> r.push(3), "*3\r\n", ">3\r\n");
    expect(r -> r.bool(true), ":1\r\n", "#t\r\n");
    expect(r -> r.bool(false), ":0\r\n", "#f\r\n");
    expect(r -> r.doubleValue(1.5), "$3\r\n1.5\r\n", ",1.5\r\n");
    expect(r -> r.verbatim("txt", "abc"), "$3\r\nabc\r\n", "=7\r\ntxt:abc\r\n");
    expect(
        r -> r.bigNumber("12345678901234567890123"),
        "$23\r\n12345678901234567890123\r\n",
        "(12345678901234567890123\r\n");
  }

  @Test
  void errorsStayOnOneLineAndAreCounted() {
    var buffer = new ReplyBuffer(pool);
    var reply = new Reply(buffer);
    reply.error("ERR no such\r\nkey\n");
    assertThat(Sent.text(buffer)).isEqualTo("-ERR no such  key\r\n");
    assertThat(reply.errors()).isEqualTo(1);
    assertThat(reply.lastError()).startsWith("ERR no such");
  }

  @Test
  void aMutedReplyWritesNothingButCountsErrors() {
    var buffer = new ReplyBuffer(pool);
    var reply = new Reply(buffer);
    reply.muted(true);
    reply.ok();
    reply.bulk("x");
    reply.error("ERR y");
    reply.endArray(reply.deferArray(), 3);
    assertThat(buffer.position()).isZero();
    assertThat(reply.errors()).isEqualTo(1);
  }

  @Test
  void aggregatesOfUnknownLengthNest() {
    Consumer<Reply> writes =
        r -> {
          r.integer(1);
          long outer = r.deferArray();
          for (int i = 0; i < 3; i++) {
            long inner = r.deferMap();
            for (int j = 0; j < i; j++) {
              r.bulk("k");
              r.bulk("v");
            }
            r.endMap(inner, i);
          }
          r.endArray(outer, 3);
          r.integer(2);
        };
    var pair = "$1\r\nk\r\n$1\r\nv\r\n";
    expect(
        writes,
        ":1\r\n*3\r\n*0\r\n*2\r\n" + pair + "*4\r\n" + pair + pair + ":2\r\n",
        ":1\r\n*3\r\n%0\r\n%1\r\n" + pair + "%2\r\n" + pair + pair + ":2\r\n");
  }

  @Test
  void aggregatesEndInReverseOrder() {
    var reply = new Reply(new ReplyBuffer(pool));
    long outer = reply.deferArray();
    reply.deferArray();
    assertThatThrownBy(() -> reply.endArray(outer, 1)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "8191", "8192", "8193", "16383", "16384", "200000", "3000000"})
  void stringsOfAnyLengthAreWhole(int length) {
    var text = "0123456789".repeat(length / 10 + 1).substring(0, length);
    long address = NativeHeap.allocate(length + 1);
    Memory.copyFrom(text.getBytes(StandardCharsets.US_ASCII), 0, address, length);
    var expected = "+OK\r\n$" + length + "\r\n" + text + "\r\n:1\r\n";
    Consumer<Reply> fromNative =
        r -> {
          r.ok();
          r.bulk(address, length);
          r.integer(1);
        };
    expect(fromNative, expected, expected);
    Consumer<Reply> heap =
        r -> {
          r.ok();
          r.bulk(text);
          r.integer(1);
        };
    expect(heap, expected, expected);
    NativeHeap.free(address);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "-0.0,-0",
    "1,1",
    "-1,-1",
    "3.0,3",
    "0.1,0.1",
    "1.5,1.5",
    "100,100",
    "1234567.125,1234567.125",
    "1e7,10000000",
    "1e8,1e+8",
    "123456789012345680,123456789012345680",
    "1e20,1e+20",
    "1e21,1e+21",
    "1.5e300,1.5e+300",
    "0.0001,0.0001",
    "0.000001,0.000001",
    "0.00001,0.00001",
    "1e-7,1e-7",
    "1.25e-10,1.25e-10",
    "17179869184,17179869184",
    "Infinity,inf",
    "-Infinity,-inf",
    "NaN,nan"
  })
  void doublesAreTheShortestThatReadBackTheSame(double value, String text) {
    assertThat(DoubleText.of(value)).isEqualTo(text);
  }
}
