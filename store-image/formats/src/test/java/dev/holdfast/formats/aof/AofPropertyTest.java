package dev.holdfast.formats.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.offheap.Raw;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

class AofPropertyTest {
  /** A valid AOF, its items as text, and the offsets at which it may be cut. */
  record Aof(byte[] bytes, List<String> items, NavigableSet<Long> boundaries) {
    @Override
    public String toString() {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private record Result(List<String> items, Item end, long lastGood, Problem problem) {}

  @Property
  void whatIsWrittenIsReadBackHoweverTheBytesArrive(
      @ForAll("aofs") Aof aof, @ForAll @IntRange(min = 1, max = 40) int chunk) throws IOException {
    var result = read(aof.bytes(), chunk, AofLimits.REPLAY);

    assertThat(result.items()).isEqualTo(aof.items());
    assertThat(result.end()).isEqualTo(Item.END);
    assertThat(result.lastGood()).isEqualTo(aof.bytes().length);
  }

  @Property
  void everyPrefixIsCleanOrTruncatedAtTheLastBoundary(
      @ForAll("aofs") Aof aof, @ForAll @IntRange(min = 1, max = 40) int chunk) throws IOException {
    for (int cut = 0; cut <= aof.bytes().length; cut++) {
      var prefix = Arrays.copyOf(aof.bytes(), cut);
      for (var limits : List.of(AofLimits.REPLAY, new AofLimits(100, 1 << 20, 20, true))) {
        var result = read(prefix, chunk, limits);

        assertThat(result.lastGood()).isEqualTo(aof.boundaries().floor((long) cut));
        assertThat(result.end())
            .isEqualTo(aof.boundaries().contains((long) cut) ? Item.END : Item.TRUNCATED);
        if (result.end() == Item.TRUNCATED) {
          assertThat(result.problem().offset()).isEqualTo(cut);
        }
      }
    }
  }

  @Property
  void anyDamagedByteEndsInADeclaredResultAndKeepsWhatWasBefore(
      @ForAll("aofs") Aof aof, @ForAll byte value) throws IOException {
    for (int at = 0; at < aof.bytes().length; at++) {
      var damaged = aof.bytes().clone();
      damaged[at] = value;
      var whole = read(damaged, damaged.length, AofLimits.REPLAY);

      assertThat(whole.end()).isIn(Item.END, Item.TRUNCATED, Item.CORRUPT);
      assertThat(whole.lastGood())
          .isBetween(aof.boundaries().floor((long) at), (long) damaged.length);
      assertThat(whole.problem() == null).isEqualTo(whole.end() == Item.END);
      // Bytes behind what was really read would differ with the way in which they arrive.
      assertThat(read(damaged, 1, AofLimits.REPLAY)).isEqualTo(whole);
    }
  }

  @Provide
  Arbitrary<Aof> aofs() {
    var argument = Arbitraries.strings().withChars("a*$#\r\n0\0é").ofMaxLength(30);
    var command = argument.list().ofMinSize(1).ofMaxSize(4).map(AofPropertyTest::notTransaction);
    var annotation =
        Arbitraries.strings().withChars("TS:1 x").ofMaxLength(20).map(text -> List.of("#" + text));
    var item = Arbitraries.frequencyOf(Tuple.of(5, command), Tuple.of(1, annotation));
    var plain = item.list().ofMaxSize(2);
    var transaction =
        plain.map(
            items -> {
              var all = new ArrayList<List<String>>();
              all.add(List.of("multi"));
              all.addAll(items);
              all.add(List.of("EXEC"));
              return (List<List<String>>) all;
            });
    return Combinators.combine(plain, transaction, plain).as(AofPropertyTest::encode);
  }

  private static List<String> notTransaction(List<String> arguments) {
    var named = new ArrayList<>(arguments);
    named.addFirst("SET");
    return named;
  }

  @SafeVarargs
  private static Aof encode(List<List<String>>... parts) {
    var items = new ArrayList<String>();
    var boundaries = new TreeSet<Long>(List.of(0L));
    try (var buffer = new NativeBuffer(64)) {
      var writer = new AofWriter(buffer);
      boolean open = false;
      for (var part : parts) {
        for (var words : part) {
          if (words.getFirst().startsWith("#")) {
            writer.annotation(bytes(words.getFirst().substring(1)));
          } else {
            writer.command(words.stream().map(AofPropertyTest::bytes).toArray(byte[][]::new));
          }
          open = words.getFirst().equals("multi") || open && !words.getFirst().equals("EXEC");
          items.add(words.toString());
          if (!open) {
            boundaries.add(buffer.length());
          }
        }
      }
      return new Aof(Raw.bytes(buffer.address(), (int) buffer.length()), items, boundaries);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Result read(byte[] bytes, int chunk, AofLimits limits) throws IOException {
    try (var source = new ByteSource(new Chunks(bytes, chunk), 0, 64)) {
      var reader = new AofReader(source, limits);
      var items = new ArrayList<String>();
      Item item;
      while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
        var words = new ArrayList<String>();
        for (int i = 0; i < reader.argCount(); i++) {
          words.add(
              reader.argKept(i)
                  ? (item == Item.ANNOTATION ? "#" : "")
                      + new String(
                          Raw.bytes(reader.argAddress(i), reader.argLength(i)),
                          StandardCharsets.ISO_8859_1)
                  : "?");
        }
        items.add(words.toString());
      }
      return new Result(items, item, reader.lastGoodOffset(), reader.problem());
    }
  }

  /** Gives at most {@code chunk} bytes per read. */
  private static final class Chunks implements ReadableByteChannel {
    private final ByteBuffer bytes;
    private final int chunk;

    Chunks(byte[] bytes, int chunk) {
      this.bytes = ByteBuffer.wrap(bytes);
      this.chunk = chunk;
    }

    @Override
    public int read(ByteBuffer target) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int length = Math.min(chunk, Math.min(bytes.remaining(), target.remaining()));
      target.put(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
