package dev.holdfast.engine.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.protocol.RequestParser.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {
  private final ProtocolLimits limits = new ProtocolLimits();
  private final BufferPool pool = new BufferPool();

  /** What one connection was understood to say: a list of requests, and the error that ended it. */
  private record Heard(List<List<String>> requests, String error) {}

  /**
   * Feeds the bytes in pieces; the bytes lie at another address for each piece, as they do when a
   * buffer grows.
   */
  private Heard hear(byte[] bytes, boolean authenticated, int... pieceLengths) {
    var parser = new RequestParser(limits, pool);
    var partial = new PartialRequest();
    var args = new Args();
    var requests = new ArrayList<List<String>>();
    int begin = 0;
    int arrived = 0;
    for (int i = 0; arrived < bytes.length; i++) {
      arrived =
          i < pieceLengths.length
              ? Math.min(bytes.length, arrived + pieceLengths[i])
              : bytes.length;
      long block = NativeHeap.allocate(Math.max(1, arrived - begin));
      Memory.copyFrom(bytes, begin, block, arrived - begin);
      long at = block;
      long end = block + (arrived - begin);
      while (at < end) {
        var outcome = parser.parse(at, end, authenticated, partial, args);
        if (outcome == Outcome.MALFORMED) {
          NativeHeap.free(block);
          return new Heard(requests, parser.error());
        }
        if (outcome == Outcome.INCOMPLETE) {
          break;
        }
        var words = new ArrayList<String>();
        for (int word = 0; word < args.count(); word++) {
          words.add(Memory.ascii(args.address(word), args.length(word)));
        }
        if (!words.isEmpty()) {
          requests.add(words);
        }
        at = parser.end();
      }
      begin += (int) (at - block);
      NativeHeap.free(block);
    }
    return new Heard(requests, null);
  }

  private Heard hear(String text) {
    return hear(ascii(text), true);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void arraysOfBulkStringsAreRequests() {
    assertThat(
            hear(
                "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$0\r\n\r\n"))
        .isEqualTo(
            new Heard(List.of(List.of("GET", "k"), List.of("PING"), List.of("ECHO", "")), null));
  }

  @Test
  void bytesOfAnyKindPassThroughUnchanged() {
    assertThat(hear("*2\r\n$4\r\nECHO\r\n$6\r\n\r\n\0$*\u00ff\r\n").requests())
        .containsExactly(List.of("ECHO", "\r\n\0$*\u00ff"));
  }

  @Test
  void emptyArraysAndEmptyLinesAreNoRequests() {
    assertThat(hear("*0\r\n*-1\r\n\r\n\n*1\r\n$4\r\nPING\r\n").requests())
        .containsExactly(List.of("PING"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SET a b                | SET,a,b
          `  SET   a\tb  `       | SET,a,b
          SET "a b" 'c d'        | SET,a b,c d
          ECHO "\\x41\\n\\"x\\""   | ECHO,A\\n"x"
          ECHO 'it\\'s \\n'       | ECHO,it's \\\\n
          ECHO ab"c d"           | ECHO,abc d
          ECHO "\\xzz"            | ECHO,xzz
          """)
  void linesAreSplitIntoWords(String line, String words) {
    var expected = words.replace("\\\\", "\u0001").replace("\\n", "\n").replace("\u0001", "\\");
    assertThat(hear(line + "\r\n").requests()).containsExactly(List.of(expected.split(",")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ECHO \"a", "ECHO \"a\"b", "ECHO 'a", "ECHO 'a'b", "ECHO \"a\\"})
  void quotesThatAreNotClosedAreRefused(String line) {
    assertThat(hear(line + "\r\n").error())
        .isEqualTo("Protocol error: unbalanced quotes in request");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          *x                    | invalid multibulk length
          *+1                   | invalid multibulk length
          *01                   | invalid multibulk length
          *                     | invalid multibulk length
          *2147483648           | invalid multibulk length
          *99999999999999999999 | invalid multibulk length
          *1 $-1                | invalid bulk length
          *1 $+1                | invalid bulk length
          *1 $01                | invalid bulk length
          *1 $                  | invalid bulk length
          *1 $536870913         | invalid bulk length
          *1 $4294967300        | invalid bulk length
          *1 :1                 | expected '$', got ':'
          *2 $1 a b             | expected '$', got 'b'
          """)
  void whatIsNoRequestIsRefusedInTheFieldsWords(String lines, String error) {
    var heard = hear(lines.replace(" ", "\r\n") + "\r\n");
    assertThat(heard.error()).isEqualTo("Protocol error: " + error);
    assertThat(heard.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "*,too big mbulk count string",
    "$,too big bulk count string",
    "P,too big inline request"
  })
  void aLineWithoutAnEndIsRefusedAfter64KiB(char first, String error) {
    var prefix = first == '$' ? "*1\r\n" : "";
    var line = first + "1".repeat(70_000);
    int allowed = 64 << 10;
    assertThat(hear(prefix + line.substring(0, allowed)).error()).isNull();
    assertThat(hear(prefix + line.substring(0, allowed + 1)).error())
        .isEqualTo("Protocol error: " + error);
  }

  @Test
  void aClientThatIsNotAuthenticatedMaySendTenWordsOf16KiB() {
    var word = "$1\r\na\r\n";
    assertThat(hear(ascii("*10\r\n" + word.repeat(10)), false).requests()).hasSize(1);
    assertThat(hear(ascii("*11\r\n" + word.repeat(11)), false).error())
        .isEqualTo("Protocol error: unauthenticated multibulk length");
    assertThat(hear(ascii("*1\r\n$16384\r\n" + "x".repeat(16_384) + "\r\n"), false).requests())
        .hasSize(1);
    assertThat(hear(ascii("*1\r\n$16385\r\n"), false).error())
        .isEqualTo("Protocol error: unauthenticated bulk length");
  }

  @Test
  void theLimitOfAStringIsADirective() {
    limits.maxBulk = 5;
    assertThat(hear("*1\r\n$5\r\nabcde\r\n").requests()).hasSize(1);
    assertThat(hear("*1\r\n$6\r\nabcdef\r\n").error())
        .isEqualTo("Protocol error: invalid bulk length");
  }

  @Test
  void aRequestOfMoreWordsThanAnyoneSendsIsRead() {
    int words = 1_100_000;
    var heard = hear("*" + words + "\r\n" + "$1\r\nx\r\n".repeat(words));
    assertThat(heard.requests()).hasSize(1);
    assertThat(heard.requests().getFirst()).hasSize(words);
  }

  @Test
  void theSameBytesMeanTheSameHoweverTheyArrive() {
    for (int seed = 0; seed < 3_000; seed++) {
      var random = new Random(seed);
      byte[] bytes = RandomRequests.bytes(random);
      boolean authenticated = random.nextInt(4) > 0;
      var whole = hear(bytes, authenticated);
      int[] pieces =
          random.nextBoolean()
              ? random.ints(bytes.length, 1, 2).toArray()
              : random.ints(bytes.length, 1, 40).toArray();
      assertThat(hear(bytes, authenticated, pieces)).as("seed %d", seed).isEqualTo(whole);
    }
  }

  @Test
  void theWordsOfALineAreKeptOnlyUntilTheNextRequest() {
    var parser = new RequestParser(limits, pool);
    long line = NativeHeap.allocate(8);
    Memory.copyFrom(ascii("PING\r\n"), 0, line, 6);
    parser.parse(line, line + 6, true, new PartialRequest(), new Args());
    assertThat(parser.lastWasInline()).isTrue();
    assertThat(pool.usedBytes()).isPositive();
    parser.parse(line, line + 2, true, new PartialRequest(), new Args());
    assertThat(parser.lastWasInline()).isFalse();
    assertThat(pool.usedBytes()).isZero();
    NativeHeap.free(line);
  }
}
