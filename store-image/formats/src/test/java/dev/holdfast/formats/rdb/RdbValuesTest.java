package dev.holdfast.formats.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.formats.Native;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RdbValuesTest {
  private static final String LISTPACK = "0e 0e000000 0100 8568656c6c6f 06 ff";
  private static final String ZIPLIST = "11 11000000 0e000000 0200 00026162 04fd ff";
  private static final String ID = "10 00000000000000010000000000000000";
  private static final String RAW_ID = "0000000000000001 0000000000000000";
  private static final String TIME = "0102030405060708";

  @ParameterizedTest
  @CsvSource({
    "1, list, 02 0161 c005",
    "2, set, 01 0161",
    "3, zset, 04 0161 03 312e35 0162 fd 0163 fe 0164 ff",
    "4, hash, 01 0161 0162",
    "5, zset, 01 0161 000000000000f03f",
    "7, module, 81 0102030405060708 01 05 02 05 03 00000000 04 0000000000000000 05 0161 00",
    "9, hash, 0b 01 03666f6f 03 00 626172 ff",
    "10, list, " + ZIPLIST,
    "11, set, 0c 02000000 02000000 0100 0200",
    "12, zset, " + ZIPLIST,
    "13, hash, " + ZIPLIST,
    "14, list, 02 " + ZIPLIST + ZIPLIST,
    "15, stream, 01 " + ID + LISTPACK + " 01 01 00 00",
    "16, hash, " + LISTPACK,
    "17, zset, " + LISTPACK,
    "18, list, 02 01 0161 02 " + LISTPACK,
    "19, stream, 01 "
        + ID
        + LISTPACK
        + " 01 01 00 01 00 00 00 01 01"
        + " 0167 01 00 81ffffffffffffffff 01 "
        + RAW_ID
        + TIME
        + " 01"
        + " 01 0163 "
        + TIME
        + " 01 "
        + RAW_ID,
    "20, set, " + LISTPACK,
    "21, stream, 01 "
        + ID
        + LISTPACK
        + " 01 01 00 01 00 00 00 01 01"
        + " 0167 01 00 01 01 "
        + RAW_ID
        + TIME
        + " 01"
        + " 01 0163 "
        + TIME
        + TIME
        + " 01 "
        + RAW_ID,
    "22, hash, 01 05 0166 0176",
    "23, hash, " + LISTPACK,
    "24, hash, 0102030405060708 01 05 0166 0176",
    "25, hash, 0102030405060708 " + LISTPACK,
  })
  void valuesOfEveryTypeArePassedByAndEveryCutIsNoticed(int type, String name, String hex)
      throws IOException {
    var file = RdbFile.withValue(type, hex);

    assertThat(RdbFile.read(file))
        .containsExactly("REDIS 11", "k is a " + name, "skipped " + type, "end UNCHECKED");
    for (int cut = 0; cut < file.length; cut++) {
      var prefix = Arrays.copyOf(file, cut);
      assertThatThrownBy(() -> RdbFile.read(prefix)).isInstanceOf(RdbException.class);
    }
  }

  @Test
  void type22IsAnotherThingInValkey() throws IOException {
    assertThat(RdbFile.read(RdbFile.withHead("VALKEY080", 22, "01 0166 0176 ffffffffffffffff")))
        .contains("VALKEY 80", "k is a hash", "end UNCHECKED");
  }

  @ParameterizedTest
  @CsvSource({
    "18, 01 03 0161, 'expected container 1 or 2 at offset 13, found 3'",
    "15, 01 0161, 'expected a stream id of 16 bytes at offset 13, found 1 bytes'",
    "7, 01 06, 'expected a module opcode from 0 to 5 at offset 13, found 6'",
    "16, 07 08000000 0000 ff, 'expected a well-formed listpack at offset 12, found damage at byte 0 of its 7'",
    "1, 82, 'expected a number of elements at offset 12, found the unknown length 0x82'",
    "1, c0, 'expected a number of elements at offset 12, found an encoded string'",
    "1, 01 c4, 'expected an element at offset 13, found the unknown string encoding 4'",
    "0, c3 02 05 0161, 'expected a string value at offset 12, found a compressed string of 2 bytes that does not expand to 5'",
    "0, 81 8000000000000000, 'expected a string value of at most 1073741824 bytes at offset 12, found the length 9223372036854775808'",
  })
  void damageIsNamedWithItsOffset(int type, String hex, String message) {
    assertThatThrownBy(() -> RdbFile.read(RdbFile.withValue(type, hex)))
        .isInstanceOf(RdbException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 8, 26, 33, 99, 242, 243})
  void typesThatAreNotKnownAreRefusedWithTheirNumber(int type) {
    assertThatThrownBy(() -> RdbFile.read(RdbFile.withValue(type, "")))
        .hasMessageStartingWith("Unknown RDB encoding type " + type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"REDIS0000", "REDIS0016", "VALKEY012", "VALKEY081", "REDIS9999"})
  void versionsThatAreNotKnownAreRefused(String head) {
    assertThatThrownBy(() -> RdbFile.read(RdbFile.withHead(head, 0, "0176")))
        .hasMessageStartingWith("Can't handle RDB format version");
  }

  @ParameterizedTest
  @ValueSource(strings = {"REDIS00x1", "redis0011", "VALKEY-80", "XXXXXXXXX"})
  void whatIsNoRdbFileIsSaidToBeNone(String head) {
    assertThatThrownBy(() -> RdbFile.read(RdbFile.withHead(head, 0, "0176")))
        .hasMessageStartingWith("expected REDIS or VALKEY and a version at offset 0");
  }

  @Test
  void everyOpcodeIsUnderstood() throws IOException {
    var hex =
        "0176" // the value of the first key
            + "f40a0203" // slot info
            + "f50462616461" // function
            + "f7 05 02 02 00" // module data
            + "fd 01000000 f9 07 00 0161 0162"
            + "fe 40 64 fb 05 02"
            + "fc ffffffffffffffff f8 4064 00 0163 c1ff7f";

    assertThat(RdbFile.read(RdbFile.withValue(0, hex)))
        .containsExactly(
            "REDIS 11",
            "k=v",
            "slot 10 2 3",
            "function bada",
            "module 5",
            "a=b px 1000 freq 7",
            "db 100",
            "resize 5 2",
            "c=32767 px 0 idle 100",
            "end UNCHECKED");
  }

  @Test
  void allVersionsOfRedisUpTo15AndThatOfValkey9AreRead() throws IOException {
    for (int version = 1; version <= 15; version++) {
      var file = RdbFile.withHead("REDIS%04d".formatted(version), 0, "0176");
      var end = version < 5 ? "end ABSENT" : "end UNCHECKED";
      assertThat(RdbFile.read(file)).containsExactly("REDIS " + version, "k=v", end);
    }
    assertThat(RdbFile.read(RdbFile.withHead("VALKEY080", 0, "0176"))).contains("k=v");
  }

  @Test
  void olderVersionsEndWithoutAChecksum() throws IOException {
    var file = RdbFile.withHead("REDIS0003", 0, "0176");

    assertThat(RdbFile.read(Arrays.copyOf(file, file.length - 8)))
        .containsExactly("REDIS 3", "k=v", "end ABSENT");
  }

  @Test
  void aTypeThatTheVisitorRefusesIsNamedWithItsKey() throws IOException {
    var file = RdbFile.withValue(4, "01 0161 0162");
    RdbVisitor strings = (key, keyLength, value, valueLength, entry) -> {};

    try (var source = Native.source(file)) {
      assertThatThrownBy(() -> new RdbReader(source).read(strings))
          .hasMessage("The key 'k' is a hash, which this program cannot load yet (at offset 9)");
    }
  }

  @Test
  void readingStopsRightBehindTheChecksum() throws IOException {
    var file = RdbFile.withValue(0, "0176");
    var longer = Arrays.copyOf(file, file.length + 10);
    RdbVisitor strings = (key, keyLength, value, valueLength, entry) -> {};

    try (var source = Native.source(longer)) {
      new RdbReader(source).read(strings);
      assertThat(source.offset()).isEqualTo(file.length);
    }
  }
}
