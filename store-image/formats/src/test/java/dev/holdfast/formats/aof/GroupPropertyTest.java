package dev.holdfast.formats.aof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.Native;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Logs of any groups, as ours and stock servers write them in turn. */
class GroupPropertyTest {
  enum Step {
    GROUP,
    TRANSACTION,
    MARK,
    SYNCED_MARK,
    STOCK,
    TIME
  }

  /** Where a cut file counts up to, and what the log's offset is there. */
  record Log(byte[] bytes, TreeMap<Integer, Long> offsets, long durable) {}

  @Property(tries = 40)
  void everyPrefixCountsUpToTheLastPlaceWhereItWasWhole(@ForAll("steps") List<Step> steps)
      throws IOException {
    var log = write(steps);
    for (int cut = 0; cut <= log.bytes().length; cut++) {
      try (var source = Native.source(Arrays.copyOf(log.bytes(), cut))) {
        var reader = new GroupReader(source, AofLimits.CHECK);
        var end = readAll(reader);
        var whole = log.offsets().floorEntry(cut);

        assertThat(reader.lastGoodOffset()).isEqualTo((long) whole.getKey());
        assertThat(end).isEqualTo(whole.getKey() == cut ? Item.END : Item.TRUNCATED);
        assertThat(reader.offset()).isEqualTo(whole.getValue());
      }
    }
  }

  @Property(tries = 60)
  void theNextMarkOfOursCoversWhateverIsThere(@ForAll("steps") List<Step> steps)
      throws IOException {
    var log = write(steps);
    try (var source = Native.source(log.bytes())) {
      var reader = new GroupReader(source, AofLimits.CHECK);
      readAll(reader);
      var on = goOn(log.bytes(), reader).command("SET", "k", "on").mark();
      try (var again = Native.source(on.bytes())) {
        var whole = new GroupReader(again, AofLimits.CHECK);

        assertThat(readAll(whole)).isEqualTo(Item.END);
        assertThat(whole.lineEnd()).isEqualTo(on.size());
        assertThat(whole.durable()).isEqualTo(Math.max(log.durable(), reader.offset()));
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Arbitraries.of(Step.class).list().ofMaxSize(7);
  }

  private static Log write(List<Step> steps) throws IOException {
    var log = new TestLog(300);
    var offsets = new TreeMap<Integer, Long>();
    offsets.put(0, -1L);
    offsets.put(log.size(), 300L);
    long durable = 300;
    for (var step : steps) {
      switch (step) {
        case GROUP -> log.command("SET", "k", "v").select(1).command("DEL", "k").group();
        case TRANSACTION ->
            log.command("MULTI").select(2).command("INCR", "n").command("EXEC").group();
        case MARK -> log.command("SET", "k", "v").mark();
        case SYNCED_MARK -> {
          durable = log.offset();
          log.synced().mark();
        }
        case TIME -> log.annotation("TS:1700000000").command("SET", "t", "1").group();
        case STOCK -> {
          for (var command : new String[][] {{"SELECT", "0"}, {"SET", "s", "1"}}) {
            log.command(command).flush();
            offsets.put(log.size(), log.offset());
          }
          try (var source = Native.source(log.bytes())) {
            var reader = new GroupReader(source, AofLimits.CHECK);
            readAll(reader);
            log = goOn(log.bytes(), reader);
            durable = log.offset();
            log.mark();
          }
        }
      }
      offsets.put(log.size(), log.offset());
    }
    return new Log(log.bytes(), offsets, durable);
  }

  private static TestLog goOn(byte[] bytes, GroupReader end) throws IOException {
    var tail = Arrays.copyOfRange(bytes, (int) end.lineEnd(), bytes.length);
    var channel = Channels.newChannel(new ByteArrayInputStream(tail));
    return new TestLog(bytes, GroupChain.after(end.crc(), channel, tail.length), end.offset());
  }

  private static Item readAll(GroupReader reader) throws IOException {
    var seen = new ArrayList<Long>();
    Item item;
    while ((item = reader.next()) == Item.COMMAND || item == Item.ANNOTATION) {
      seen.add(reader.lastGoodOffset());
    }
    assertThat(seen).isSorted();
    return item;
  }
}
