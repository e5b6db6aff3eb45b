package dev.holdfast.formats.rdb;

import static dev.holdfast.formats.rdb.RdbFile.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.formats.Native;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RdbRoundTripTest {
  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    var file =
        RdbFile.write(
            RdbOptions.DEFAULT,
            writer -> {
              writer.standardAux("7.2.4", 1_700_000_000, 1024, true);
              writer.selectDb(3);
              writer.resizeDb(3, 1);
              RdbFile.entry(writer, bytes("a"), bytes("plain"), -1);
              RdbFile.entry(writer, bytes("b"), bytes("x".repeat(1000)), 1_800_000_000_123L);
              writer.frequency(7);
              RdbFile.entry(writer, bytes("12345"), bytes("-7"), -1);
              writer.idle(90);
              RdbFile.entry(writer, bytes("empty"), bytes(""), 0);
            });

    assertThat(RdbFile.read(file))
        .containsExactly(
            "REDIS 10",
            "aux redis-ver=7.2.4",
            "aux redis-bits=64",
            "aux ctime=1700000000",
            "aux used-mem=1024",
            "aux aof-base=1",
            "db 3",
            "resize 3 1",
            "a=plain",
            "b=" + "x".repeat(1000) + " px 1800000000123",
            "12345=-7 freq 7",
            "empty= px 0 idle 90",
            "end GOOD");
    assertThat(RdbFile.check(file)).contains("a=5", "b=1000 px 1800000000123", "12345=2 freq 7");
  }

  @Test
  void numbersThatDoNotComeBackAsTheyWereStayText() throws IOException {
    for (var text :
        new String[] {
          "0",
          "-0",
          "007",
          "+1",
          "-",
          "127",
          "128",
          "-128",
          "-129",
          "32767",
          "32768",
          "2147483647",
          "2147483648",
          "-2147483648",
          "-2147483649",
          "99999999999",
          " 1",
          "1 ",
          "1e5"
        }) {
      var file =
          RdbFile.write(RdbOptions.DEFAULT, w -> RdbFile.entry(w, bytes(text), bytes(text), -1));

      assertThat(RdbFile.read(file)).contains(text + "=" + text);
      assertThat(RdbFile.check(file)).contains(text + "=" + text.length());
    }
  }

  @Test
  void aValueCanBeWrittenInPieces() throws IOException {
    var value = "piece by piece ".repeat(50_000);
    var file =
        RdbFile.write(
            RdbOptions.DEFAULT,
            writer -> {
              try (var k = Native.copy("key");
                  var v = Native.copy(value)) {
                writer.startEntry(k.address(), 3, value.length(), -1);
                for (int at = 0; at < value.length(); at += 70_000) {
                  writer.piece(v.address() + at, Math.min(70_000, value.length() - at));
                }
              }
            });

    assertThat(RdbFile.read(file)).contains("key=" + value, "end GOOD");
  }

  @Test
  void anUnfinishedValueIsNotPassedOver() {
    assertThatThrownBy(
            () ->
                RdbFile.write(
                    RdbOptions.DEFAULT,
                    writer -> {
                      try (var k = Native.copy("key")) {
                        writer.startEntry(k.address(), 3, 10, -1);
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("10 bytes of the last value are missing");
  }

  @Test
  void withoutChecksumTheFileSaysSo() throws IOException {
    var file =
        RdbFile.write(
            new RdbOptions(9, false, false), w -> RdbFile.entry(w, bytes("a"), bytes("b"), -1));

    assertThat(RdbFile.read(file)).containsExactly("REDIS 9", "a=b", "end UNCHECKED");
  }

  @Test
  void aFlippedBitIsFoundByTheChecksum() throws IOException {
    var file =
        RdbFile.write(RdbOptions.DEFAULT, w -> RdbFile.entry(w, bytes("a"), bytes("value"), -1));
    file[14] ^= 1;

    assertThatThrownBy(() -> RdbFile.read(file))
        .isInstanceOf(RdbException.class)
        .hasMessageContaining("expected the checksum");
  }

  @Test
  void everyPrefixIsTruncated() throws IOException {
    var file =
        RdbFile.write(
            RdbOptions.DEFAULT,
            writer -> {
              writer.selectDb(0);
              RdbFile.entry(writer, bytes("a"), bytes("x".repeat(100)), 5);
              RdbFile.entry(writer, bytes("b"), bytes("100000"), 5);
            });
    for (int cut = 0; cut < file.length; cut++) {
      var prefix = Arrays.copyOf(file, cut);
      assertThatThrownBy(() -> RdbFile.read(prefix))
          .as("cut after %d bytes", cut)
          .isInstanceOfSatisfying(RdbException.class, e -> assertThat(e.isTruncated()).isTrue());
      assertThatThrownBy(() -> RdbFile.check(prefix))
          .isInstanceOfSatisfying(RdbException.class, e -> assertThat(e.isTruncated()).isTrue());
    }
  }
}
