package dev.holdfast.formats.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.Raw;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AofReaderTest {
  private static final String SET = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\n";
  private static final String MULTI = "*1\r\n$5\r\nMULTI\r\n";
  private static final String EXEC = "*1\r\n$4\r\nEXEC\r\n";

  @Test
  void readsCommandsAndAnnotationsInOrder() throws IOException {
    var read = read("#TS:1700000000\r\n" + SET + "#x\r\n" + SET);

    assertThat(read.items).containsExactly("#TS:1700000000", "SET k value", "#x", "SET k value");
    assertThat(read.end).isEqualTo(Item.END);
    assertThat(read.reader.lastGoodOffset()).isEqualTo(16 + 4 + 2L * SET.length());
    assertThat(read.reader.lines()).isEqualTo(14);
  }

  @Test
  void tellsTheTimeOfATimeAnnotation() throws IOException {
    var reader = reader("#TS:1700000000\r\n#TSX:1\r\n" + SET, AofLimits.REPLAY);

    reader.next();
    assertThat(reader.timestamp()).isEqualTo(1_700_000_000);
    reader.next();
    assertThat(reader.timestamp()).isEqualTo(-1);
    reader.next();
    assertThat(reader.timestamp()).isEqualTo(-1);
  }

  @Test
  void anEmptyFileEndsAtOnce() throws IOException {
    assertThat(read("").end).isEqualTo(Item.END);
  }

  @Test
  void everyPrefixOfACommandIsTruncatedAtItsStart() throws IOException {
    for (int cut = 1; cut < SET.length(); cut++) {
      var read = read(SET + SET.substring(0, cut));

      assertThat(read.end).as("cut after %d bytes", cut).isEqualTo(Item.TRUNCATED);
      assertThat(read.reader.lastGoodOffset()).isEqualTo(SET.length());
      assertThat(read.reader.problem().offset()).isEqualTo(SET.length() + cut);
    }
  }

  @Test
  void anOpenTransactionAtTheEndIsTruncatedAtItsMulti() throws IOException {
    var read = read(SET + MULTI + SET);

    assertThat(read.end).isEqualTo(Item.TRUNCATED);
    assertThat(read.reader.lastGoodOffset()).isEqualTo(SET.length());
    assertThat(read.reader.problem().message())
        .isEqualTo("expected EXEC at offset 77, found the end of the file");
  }

  @Test
  void aClosedTransactionIsGoodUpToItsExec() throws IOException {
    var read = read(MULTI + SET + EXEC);

    assertThat(read.end).isEqualTo(Item.END);
    assertThat(read.reader.lastGoodOffset())
        .isEqualTo(MULTI.length() + SET.length() + EXEC.length());
  }

  @Test
  void multiInsideMultiAndExecWithoutMultiAreDamage() throws IOException {
    assertThat(read(MULTI + MULTI).end).isEqualTo(Item.CORRUPT);
    assertThat(read(EXEC).end).isEqualTo(Item.CORRUPT);
  }

  @Test
  void aWrongFirstByteIsNamed() throws IOException {
    var read = read(SET + "garbage");

    assertThat(read.end).isEqualTo(Item.CORRUPT);
    assertThat(read.reader.problem().message())
        .isEqualTo("expected '*' at offset 31, found 0x67 ('g')");
  }

  @Test
  void aMissingLineEndAfterAnArgumentIsDamage() throws IOException {
    var read = read("*1\r\n$4\r\nPING\0\0");

    assertThat(read.end).isEqualTo(Item.CORRUPT);
    assertThat(read.reader.problem().offset()).isEqualTo(12);
  }

  @Test
  void zerosUpToTheEndAreToldFromOtherDamage() throws IOException {
    var padded = read(SET + "\0".repeat(100_000));
    assertThat(padded.end).isEqualTo(Item.CORRUPT);
    assertThat(padded.reader.problem().zeros()).isTrue();
    assertThat(padded.reader.problem().offset()).isEqualTo(SET.length());

    var others = read(SET + "\0".repeat(100_000) + SET);
    assertThat(others.end).isEqualTo(Item.CORRUPT);
    assertThat(others.reader.problem().zeros()).isFalse();
  }

  @Test
  void annotationsMayHave1023BytesAndNoMore() throws IOException {
    assertThat(read("#" + "x".repeat(1020) + "\r\n").end).isEqualTo(Item.END);
    assertThat(read("#" + "x".repeat(1021) + "\r\n").end).isEqualTo(Item.CORRUPT);
    assertThat(read("#" + "x".repeat(5000)).end).isEqualTo(Item.CORRUPT);
    assertThat(read("#half").end).isEqualTo(Item.TRUNCATED);
  }

  @Test
  void aLengthThatLiesTakesNoMoreMemoryThanTheInput() throws IOException {
    assertThat(read("*1\r\n$1000000000\r\nx").end).isEqualTo(Item.TRUNCATED);
    assertThat(read("*1\r\n$99999999999999999999\r\nx").end).isEqualTo(Item.CORRUPT);
    assertThat(read("*99999999999\r\n").end).isEqualTo(Item.CORRUPT);
    assertThat(read("*0\r\n").end).isEqualTo(Item.CORRUPT);
    assertThat(read("*-1\r\n").end).isEqualTo(Item.CORRUPT);
  }

  @Test
  void whileCheckingLargeArgumentsArePassedBy() throws IOException {
    var large = "x".repeat(300_000);
    var command = "*4\r\n$3\r\nSET\r\n$300000\r\n" + large + "\r\n$1\r\nv\r\n$300000\r\n" + large;
    var reader = reader(command + "\r\n" + SET, AofLimits.CHECK);

    assertThat(reader.next()).isEqualTo(Item.COMMAND);
    assertThat(reader.argKept(0)).isTrue();
    assertThat(reader.argKept(1)).isFalse();
    assertThat(reader.argKept(2)).isTrue();
    assertThat(reader.argLength(3)).isEqualTo(300_000);
    assertThat(reader.next()).isEqualTo(Item.COMMAND);
    assertThat(reader.offset()).isEqualTo(command.length() + 2);
    assertThat(reader.next()).isEqualTo(Item.END);

    var damaged = reader(command + "xx" + SET, AofLimits.CHECK);
    assertThat(damaged.next()).isEqualTo(Item.CORRUPT);
    assertThat(damaged.problem().offset()).isEqualTo(command.length());

    var cut = reader(command.substring(0, 200_000), AofLimits.CHECK);
    assertThat(cut.next()).isEqualTo(Item.TRUNCATED);
    assertThat(cut.problem().offset()).isEqualTo(200_000);
  }

  private static Read read(String aof) throws IOException {
    var reader = reader(aof, AofLimits.REPLAY);
    var items = new ArrayList<String>();
    while (true) {
      var item = reader.next();
      if (item != Item.COMMAND && item != Item.ANNOTATION) {
        assertThat(reader.next()).isEqualTo(item);
        return new Read(reader, items, item);
      }
      var words = new ArrayList<String>();
      for (int i = 0; i < reader.argCount(); i++) {
        words.add(
            new String(
                Raw.bytes(reader.argAddress(i), reader.argLength(i)), StandardCharsets.ISO_8859_1));
      }
      items.add((item == Item.ANNOTATION ? "#" : "") + String.join(" ", words));
    }
  }

  private static AofReader reader(String aof, AofLimits limits) {
    var channel =
        Channels.newChannel(new ByteArrayInputStream(aof.getBytes(StandardCharsets.ISO_8859_1)));
    return new AofReader(new ByteSource(channel, 0, 64), limits);
  }

  private record Read(AofReader reader, List<String> items, Item end) {}
}
