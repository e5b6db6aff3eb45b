package dev.holdfast.formats.aof;

import static dev.holdfast.formats.aof.TestLog.ascii;
import static dev.holdfast.formats.aof.TestLog.concat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.Native;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class GroupReaderTest {
  private static final String SET = TestLog.resp("SET", "k", "value");
  private static final String SELECT = TestLog.resp("SELECT", "0");

  /** What a reader says when it has read everything. */
  record Result(Item end, GroupReader reader, List<Long> goodAfterEachItem) {
    String problem() {
      return reader.problem().message();
    }
  }

  @Test
  void aGroupLineHasTheCrcOfTheLineBeforeTheGroupAndItself() {
    try (var buffer = new NativeBuffer(64)) {
      var chain = new GroupChain();
      chain.mark(buffer, 0, 0xabcL, 3, 1000, 900);
      long from = buffer.length();
      buffer.putAscii(SET);
      chain.group(buffer, from);

      var first = "#M0:0000000000000abc:3:1000:900:";
      int firstCrc = crc(0, first);
      var second = SET + "#G31:";
      var expected =
          "%s%08x\r\n%s%08x\r\n".formatted(first, firstCrc, second, crc(firstCrc, second));
      assertThat(new String(bytes(buffer), StandardCharsets.ISO_8859_1)).isEqualTo(expected);
    }
  }

  @Test
  void everythingCountsWhenEachGroupHasItsLine() throws IOException {
    var log =
        new TestLog(500).select(0).command("SET", "k", "v").group().command("DEL", "k").group();
    long effects = log.offset() - 500;
    var result = read(log.synced().mark().bytes());

    assertThat(result.end()).isEqualTo(Item.END);
    assertThat(result.reader().lastGoodOffset()).isEqualTo(log.size());
    assertThat(result.reader().effects()).isEqualTo(effects);
    assertThat(result.reader().startOffset()).isEqualTo(500);
    assertThat(result.reader().offset()).isEqualTo(log.offset());
    assertThat(result.reader().durable()).isEqualTo(log.offset());
    assertThat(result.reader().lastMark())
        .isEqualTo(new Mark(TestLog.FILE, 0, log.offset(), log.offset()));
  }

  @Test
  void aCommandCountsOnceTheLineOfItsGroupWasRead() throws IOException {
    var log = new TestLog(0);
    long begin = log.size();
    log.command("SET", "a", "1").command("SET", "b", "2").group();

    assertThat(read(log.bytes()).goodAfterEachItem())
        .containsExactly(begin, begin, begin, (long) log.size());
  }

  @Test
  void everyPrefixCountsUpToItsLastLine() throws IOException {
    var log = new TestLog(0);
    var ends = new TreeSet<>(List.of(0L, (long) log.size()));
    ends.add((long) log.select(1).command("SET", "k", "v").group().size());
    log.command("MULTI").command("SET", "a", "1").command("INCR", "a").command("EXEC");
    ends.add((long) log.group().size());
    ends.add((long) log.synced().mark().size());

    for (int cut = 0; cut <= log.size(); cut++) {
      var result = read(Arrays.copyOf(log.bytes(), cut));

      assertThat(result.reader().lastGoodOffset()).isEqualTo(ends.floor((long) cut));
      assertThat(result.end()).isEqualTo(ends.contains((long) cut) ? Item.END : Item.TRUNCATED);
    }
  }

  @Test
  void everyPrefixBeforeZerosCountsUpToItsLastLine() throws IOException {
    var log = new TestLog(0);
    var ends = new TreeSet<>(List.of(0L, (long) log.size()));
    ends.add((long) log.command("SET", "k", "v").group().size());
    ends.add((long) log.command("SET", "k", "w").mark().size());

    for (int cut = 0; cut <= log.size(); cut++) {
      var result = read(concat(Arrays.copyOf(log.bytes(), cut), new byte[1000]));

      assertThat(result.reader().lastGoodOffset()).isEqualTo(ends.floor((long) cut));
      assertThat(result.reader().problem().zeros()).isTrue();
      boolean onlyZeros = ends.contains((long) cut) || !result.reader().hasLines();
      assertThat(result.end()).isEqualTo(onlyZeros ? Item.CORRUPT : Item.TRUNCATED);
    }
  }

  @Test
  void noHoleInAHalfWrittenGroupMakesItAStockServers() throws IOException {
    var log = new TestLog(0).command("SET", "k", "v").group();
    int good = log.size();
    log.command("MULTI").select(1).command("SET", "a", "1").select(2).command("SET", "b", "2");
    log.command("EXEC").flush();

    for (int from = good; from < log.size(); from++) {
      for (int to = from + 1; to <= log.size(); to++) {
        var holed = log.bytes();
        Arrays.fill(holed, from, to, (byte) 0);

        assertThat(read(holed).reader().lastGoodOffset())
            .as("zeros from %d to %d", from, to)
            .isEqualTo(good);
      }
    }
  }

  @Test
  void eachFlippedBitOfAValueIsFoundAtTheStartOfItsGroup() throws IOException {
    var log = new TestLog(0).command("SET", "a", "1").group();
    int start = log.size();
    log.command("SET", "k", "value").group();
    int at = new String(log.bytes(), StandardCharsets.ISO_8859_1).indexOf("value");
    log.command("SET", "b", "2").group();

    for (int bit = 0; bit < 5 * 8; bit++) {
      var bytes = log.bytes();
      bytes[at + bit / 8] ^= (byte) (1 << bit % 8);
      var result = read(bytes);

      assertThat(result.end()).isEqualTo(Item.CORRUPT);
      assertThat(result.reader().lastGoodOffset()).isEqualTo(start);
      assertThat(result.reader().problem().offset()).isEqualTo(start);
      assertThat(result.problem()).contains("a group of 31 bytes with CRC ");
    }
  }

  @Test
  void everyChangedByteIsFoundAtTheStartOfItsGroupOrMakesTheLastGroupOneWithoutALine()
      throws IOException {
    var log = new TestLog(100);
    var ends = new TreeSet<>(List.of(0L, (long) log.size()));
    ends.add(
        (long) log.annotation("TS:1700000000").select(2).command("SET", "k", "v").group().size());
    ends.add((long) log.command("MULTI").command("INCR", "a").command("EXEC").group().size());
    ends.add((long) log.command("SET", "k", "w").synced().mark().size());
    long lastGroup = ends.lower((long) log.size());

    for (int at = 0; at < log.size(); at++) {
      for (int value : new int[] {1, 2, 4, 8, 16, 32, 64, 128, log.bytes()[at]}) {
        var bytes = log.bytes();
        bytes[at] ^= (byte) value;
        var result = read(bytes);

        assertThat(result.end()).as("byte %d changed by %d", at, value).isNotEqualTo(Item.END);
        assertThat(result.reader().lastGoodOffset()).isEqualTo(ends.floor((long) at));
        if (result.end() == Item.TRUNCATED && at < lastGroup) {
          // A length that reaches beyond the end.
          assertThat(result.problem()).contains("the end of the file");
        }
      }
    }
  }

  @Test
  void aLostARepeatedAndASwappedGroupAreFound() throws IOException {
    var log = new TestLog(0);
    int a = log.size();
    int b = log.command("SET", "k", "1").group().size();
    int c = log.command("SET", "k", "2").group().size();
    int end = log.command("SET", "k", "3").group().size();
    var bytes = log.bytes();

    assertDamage(join(bytes, 0, a, b, end), a);
    assertDamage(join(bytes, 0, c, b, end), c);
    assertDamage(join(bytes, 0, a, b, c, a, b, c, end), a);
  }

  @Test
  void aGroupOfAnotherFileIsFound() throws IOException {
    var ours = new TestLog(0).command("SET", "k", "1").group();
    int end = ours.size();
    var other = new TestLog(7).command("SET", "k", "1").group();
    int from = other.size();
    other.command("SET", "k", "2").group();
    var group = Arrays.copyOfRange(other.bytes(), from, other.size());

    assertDamage(concat(ours.bytes(), group), end);
  }

  @Test
  void whatAStockServerAppendedCountsUpToItsLastCompleteCommand() throws IOException {
    var log = new TestLog(0).select(0).command("SET", "k", "1").group();
    var stock = concat(log.bytes(), ascii(SELECT + SET + SET));
    var whole = read(stock);
    assertThat(whole.end()).isEqualTo(Item.END);
    assertThat(whole.reader().lastGoodOffset()).isEqualTo(stock.length);
    assertThat(whole.reader().offset())
        .isEqualTo(log.offset() + SELECT.length() + 2 * SET.length());

    var torn = read(Arrays.copyOf(stock, stock.length - 1));
    assertThat(torn.end()).isEqualTo(Item.TRUNCATED);
    assertThat(torn.reader().lastGoodOffset()).isEqualTo(stock.length - SET.length());
  }

  @Test
  void aSelectOfOursDoesNotMakeAGroupCount() throws IOException {
    var log = new TestLog(0).command("SET", "k", "1").group();
    int end = log.size();
    var result = read(log.select(3).command("SET", "k", "2").flush().bytes());

    assertThat(result.end()).isEqualTo(Item.TRUNCATED);
    assertThat(result.reader().lastGoodOffset()).isEqualTo(end);
    assertThat(result.problem()).contains("the line that closes the group of offset " + end);
  }

  @Test
  void aBareSelectInsideATransactionCountsOnceTheTransactionIsComplete() throws IOException {
    var log = new TestLog(0).command("SET", "k", "1").group();
    int end = log.size();
    var unfinished = concat(log.bytes(), ascii(SET + TestLog.resp("MULTI") + SELECT + SET));

    assertThat(read(unfinished).reader().lastGoodOffset()).isEqualTo(end);
    var finished = concat(unfinished, ascii(TestLog.resp("EXEC")));
    assertThat(read(finished).reader().lastGoodOffset()).isEqualTo(finished.length);
  }

  @Test
  void aMarkOfOursCoversWhatAStockServerAppended() throws IOException {
    var log = new TestLog(0).select(0).command("SET", "k", "1").group();
    var stock = concat(log.bytes(), ascii(SELECT + SET));
    var found = read(stock).reader();
    var tail = Arrays.copyOfRange(stock, (int) found.lineEnd(), stock.length);
    var chain = GroupChain.after(found.crc(), channel(tail), tail.length);
    var on = new TestLog(stock, chain, found.offset());
    on.command("SET", "k", "3").mark().command("SET", "k", "4").group();

    var result = read(on.bytes());
    assertThat(result.end()).isEqualTo(Item.END);
    assertThat(result.reader().startOffset()).isZero();
    assertThat(result.reader().offset()).isEqualTo(on.offset());

    var flipped = on.bytes();
    flipped[stock.length - 3] ^= 1;
    assertDamage(flipped, (int) found.lineEnd());
  }

  @Test
  void aMarkOfOursCoversAWholeFileOfAStockServer() throws IOException {
    var stock = ascii(SELECT + SET);
    var chain = GroupChain.after(0, channel(stock), stock.length);
    var result = read(new TestLog(stock, chain, 5000).mark().bytes());

    assertThat(result.end()).isEqualTo(Item.END);
    assertThat(result.reader().startOffset()).isEqualTo(5000 - stock.length);
  }

  @Test
  void aFileWithoutALineIsReadAsStockReadsIt() throws IOException {
    var text = "#TS:1\r\n" + SELECT + SET + "#note\r\n" + SET;
    var whole = read(ascii(text));
    assertThat(whole.end()).isEqualTo(Item.END);
    assertThat(whole.reader().hasLines()).isFalse();
    assertThat(whole.reader().offset()).isEqualTo(-1);

    var torn = read(ascii(text + "*3\r\n"));
    assertThat(torn.end()).isEqualTo(Item.TRUNCATED);
    assertThat(torn.reader().lastGoodOffset()).isEqualTo(text.length());
  }

  @Test
  void aLineInsideATransactionIsDamage() throws IOException {
    var log = new TestLog(0);
    int end = log.size();
    log.command("MULTI").command("SET", "k", "1").group().command("EXEC").group();
    var result = read(log.bytes());

    assertThat(result.end()).isEqualTo(Item.CORRUPT);
    assertThat(result.reader().lastGoodOffset()).isEqualTo(end);
    assertThat(result.problem()).contains("expected EXEC before the line");
  }

  @Test
  void aLineHasOneFormOnly() {
    var line = new LogLine();
    for (var good :
        List.of(
            "G0:00000000",
            "G999999999999999999:ffffffff",
            "M0:0123456789abcdef:0:0:0:00000000",
            "M1:0000000000000000:2147483647:12:10:0a0b0c0d")) {
      assertThat(parse(line, good)).as(good).isTrue();
    }
    for (var bad :
        List.of(
            "G:00000000",
            "G",
            "M",
            "",
            "G00:00000000",
            "G01:00000000",
            "G-1:00000000",
            "G1:0000000",
            "G1:000000000",
            "G1:0000000A",
            "G1:00000000 ",
            "G1000000000000000000:00000000",
            "M0:00000000",
            "M0:0123456789abcdeg:0:0:0:00000000",
            "M0:0123456789abcde:0:0:0:00000000",
            "M0:0123456789abcdef:2147483648:0:0:00000000",
            "M0:0123456789abcdef:0:0:00000000",
            "M0:0123456789abcdef:0:0:0:0:00000000",
            "X0:00000000")) {
      assertThat(parse(line, bad)).as(bad).isFalse();
    }
  }

  @Test
  void aLineThatIsMeantToBeOursAndCannotBeReadIsDamage() throws IOException {
    var log = new TestLog(0).command("SET", "k", "1").group();
    assertDamage(concat(log.bytes(), ascii("#G12\r\n")), log.size());
    assertDamage(concat(log.bytes(), ascii("#M\r\n")), log.size());
  }

  @Test
  void aGroupLargerThanTheWindowIsVerifiedWithoutKeepingIt() throws IOException {
    var large = "x".repeat(300_000);
    var log = new TestLog(0).command("SET", "a", "1").group();
    int end = log.size();
    log.command("MULTI").command("SET", "k", large, large).command("EXEC").group();
    log.command("SET", "a", "2").group();

    var result = read(log.bytes());
    assertThat(result.end()).isEqualTo(Item.END);
    assertThat(result.reader().lastGoodOffset()).isEqualTo(log.size());
    var flipped = log.bytes();
    flipped[end + 400_000] ^= 1;
    assertDamage(flipped, end);
  }

  private static void assertDamage(byte[] bytes, int offset) throws IOException {
    var result = read(bytes);
    assertThat(result.end()).isEqualTo(Item.CORRUPT);
    assertThat(result.reader().problem().zeros()).isFalse();
    assertThat(result.reader().lastGoodOffset()).isEqualTo(offset);
    assertThat(result.reader().problem().offset()).isEqualTo(offset);
  }

  /** The file up to the second offset, then from each further pair's first to its second. */
  private static byte[] join(byte[] bytes, int... ranges) {
    var all = new byte[0];
    for (int i = 0; i + 1 < ranges.length; i += 2) {
      all = concat(all, Arrays.copyOfRange(bytes, ranges[i], ranges[i + 1]));
    }
    return all;
  }

  private static boolean parse(LogLine line, String text) {
    try (var copy = Native.copy(text)) {
      return line.parse(copy.address(), text.length());
    }
  }

  private static int crc(int before, String text) {
    var crc = new CRC32C();
    crc.update(
        new byte[] {
          (byte) before, (byte) (before >> 8), (byte) (before >> 16), (byte) (before >> 24)
        });
    crc.update(ascii(text));
    return (int) crc.getValue();
  }

  private static byte[] bytes(NativeBuffer buffer) {
    return Raw.bytes(buffer.address(), (int) buffer.length());
  }

  private static ReadableByteChannel channel(byte[] bytes) {
    return Channels.newChannel(new ByteArrayInputStream(bytes));
  }

  private static Result read(byte[] bytes) throws IOException {
    try (var source = Native.source(bytes)) {
      var reader = new GroupReader(source, AofLimits.CHECK);
      var good = new ArrayList<Long>();
      Item item;
      while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
        good.add(reader.lastGoodOffset());
      }
      assertThat(reader.next()).isEqualTo(item);
      return new Result(item, reader, good);
    }
  }
}
