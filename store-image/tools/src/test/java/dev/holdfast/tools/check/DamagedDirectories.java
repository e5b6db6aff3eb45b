package dev.holdfast.tools.check;

import static dev.holdfast.tools.check.AofSamples.BASE;
import static dev.holdfast.tools.check.AofSamples.INCR;
import static dev.holdfast.tools.check.AofSamples.INCR_2;
import static dev.holdfast.tools.check.AofSamples.MANIFEST;
import static dev.holdfast.tools.check.AofSamples.ONE_INCR;
import static dev.holdfast.tools.check.AofSamples.RDB;
import static dev.holdfast.tools.check.AofSamples.TWO_INCRS;
import static dev.holdfast.tools.check.AofSamples.TWO_KEYS;
import static dev.holdfast.tools.check.AofSamples.ascii;
import static dev.holdfast.tools.check.AofSamples.command;
import static dev.holdfast.tools.check.AofSamples.join;
import static dev.holdfast.tools.check.AofSamples.without;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Folders with one thing wrong each: what crashes, disks, people and chance do to an AOF. */
final class DamagedDirectories {

  private static final String SINGLE = "a.aof";

  /** Two seconds of work, a transaction in the second. */
  private static final byte[] LOG =
      join(
          ascii("#TS:100\r\n"),
          TWO_KEYS,
          ascii("#TS:200\r\n"),
          command("RPUSH", "list", "a", "b"),
          command("MULTI"),
          command("INCR", "n"),
          command("EXEC"));

  private static final byte[] LAST = command("SET", "key", "a value that is longer");
  private static final byte[] OPEN =
      join(command("MULTI"), command("INCR", "n"), command("APPEND", "k", "w"));

  private DamagedDirectories() {}

  static Stream<DamagedDirectory> all() {
    return Stream.of(
            cutCommands(),
            cutTransactions(),
            tails(),
            middles(),
            lengths(),
            annotations(),
            preambles(),
            baseFiles(),
            missing(),
            severalFiles(),
            manifests())
        .flatMap(directories -> directories);
  }

  /** A crash stops a write at any byte. */
  private static Stream<DamagedDirectory> cutCommands() {
    return IntStream.range(1, LAST.length)
        .filter(at -> at < 34 || at > LAST.length - 4 || at % 8 == 0)
        .mapToObj(
            at -> last("the last command is cut after " + at + " bytes", Arrays.copyOf(LAST, at)));
  }

  private static Stream<DamagedDirectory> cutTransactions() {
    return Stream.of(
        last("only MULTI", command("MULTI")),
        last("cut inside of MULTI", without(command("MULTI"), 3)),
        last("no EXEC", OPEN),
        last("cut in a transaction", without(OPEN, 1)),
        last("cut in EXEC", join(OPEN, without(command("EXEC"), 2))),
        last("garbage in a transaction", join(OPEN, ascii("zzz"), command("EXEC"))),
        last("zeros in a transaction", join(OPEN, new byte[512])),
        last("a transaction in a transaction", join(OPEN, OPEN, command("EXEC"))),
        last("EXEC twice", join(OPEN, command("EXEC"), command("EXEC"))),
        last(
            "a time stamp in a transaction",
            join(OPEN, ascii("#TS:120\r\n"), command("INCR", "n"))));
  }

  private static Stream<DamagedDirectory> tails() {
    return Stream.of(
        last("one zero", new byte[1]),
        last("a page of zeros", new byte[4096]),
        last("more zeros than a window", new byte[300_000]),
        last("zeros inside of a value", zeros(LAST, 40)),
        last("a value of zeros, then more of them", join(zeros(LAST, 30), new byte[4096])),
        last("zeros and then a command", join(new byte[64], LAST)),
        last("a line feed", ascii("\n")),
        last("an empty line", ascii("\r\n")),
        last("a blank", ascii(" ")),
        last("text", ascii("PING\r\n")),
        last("bytes of all kinds", everyByte()),
        last("the start of an RDB file", Arrays.copyOf(RDB, 30)));
  }

  private static Stream<DamagedDirectory> middles() {
    byte[] long1 = command("SET", "big", "x".repeat(70_000));
    return Stream.of(
        single("garbage at the start", join(ascii("xyz"), LOG)),
        single("nothing but garbage", ascii("what is this?")),
        single("nothing but zeros", new byte[1000]),
        single("an empty file", new byte[0]),
        single("garbage in the middle", join(LOG, ascii("xyz"), LOG)),
        single(
            "garbage in the middle, and a cut end", join(LOG, ascii("!"), LOG, without(LAST, 5))),
        single("zeros in the middle", join(LOG, new byte[100], LOG)),
        single("a byte less in a value", join(LOG, ascii("*2\r\n$4\r\nINCR\r\n$3\r\nab\r\n"), LOG)),
        single(
            "a byte more in a value", join(LOG, ascii("*2\r\n$4\r\nINCR\r\n$3\r\nabcd\r\n"), LOG)),
        single("a large value is cut", join(LOG, without(long1, 20_000))),
        single("the line end of a large value is gone", join(LOG, without(long1, 2), LOG)),
        single("a page of a large value is zero", join(LOG, zeros(long1, 4096), new byte[4096])));
  }

  private static Stream<DamagedDirectory> lengths() {
    return Stream.of(
        last("too many arguments", ascii("*4\r\n$4\r\nINCR\r\n$1\r\na\r\n")),
        last("too few arguments", ascii("*1\r\n$4\r\nINCR\r\n$1\r\na\r\n")),
        last("a length one too large", ascii("*2\r\n$4\r\nINCR\r\n$2\r\na\r\n")),
        last("a length one too small", ascii("*2\r\n$4\r\nINCR\r\n$0\r\na\r\n")),
        last("a length beyond the end", ascii("*2\r\n$4\r\nINCR\r\n$9999\r\na\r\n")),
        last("a length beyond any memory", ascii("*2\r\n$4\r\nINCR\r\n$99999999999999\r\na\r\n"))
            .but(OnPurpose.CRASH),
        last("a length beyond any number", ascii("*1\r\n$99999999999999999999\r\n")),
        last("a negative length", ascii("*1\r\n$-1\r\n")),
        last("a number of arguments beyond any command", ascii("*2147483648\r\n$1\r\na\r\n")),
        last("a letter for a number", ascii("*x\r\n$1\r\na\r\n")),
        last("a letter in a length", ascii("*1\r\n$1a\r\na\r\n")),
        last("another prefix", ascii("*1\r\n+1\r\na\r\n")),
        last("a flipped prefix", ascii("\u006a1\r\n$4\r\nPING\r\n")),
        last("no argument at all", ascii("*0\r\n")).but(OnPurpose.NO_ARGUMENTS),
        last("fewer arguments than none", ascii("*-1\r\n")).but(OnPurpose.NO_ARGUMENTS),
        last("no number of arguments", ascii("*\r\n")).but(OnPurpose.ODD_NUMBER),
        last("no length", ascii("*1\r\n$\r\n\r\n")).but(OnPurpose.ODD_NUMBER),
        last("a sign before a length", ascii("*1\r\n$+4\r\nPING\r\n")).but(OnPurpose.ODD_NUMBER),
        last("a blank before a length", ascii("*1\r\n$ 4\r\nPING\r\n")).but(OnPurpose.ODD_NUMBER));
  }

  private static Stream<DamagedDirectory> annotations() {
    byte[] comment = ascii("#" + "c".repeat(1100) + "\r\n");
    return Stream.of(
        last("a comment, then garbage", ascii("# by hand\r\ngarbage")),
        last("a comment, then half a command", join(ascii("#x\r\n"), without(LAST, 3))),
        single("a comment in the middle of a command", ascii("*1\r\n#x\r\n$4\r\nPING\r\n")),
        last("half a time stamp", ascii("#TS:2")).but(OnPurpose.HALF_AN_ANNOTATION),
        last("half a line end", ascii("#TS:201\r")).but(OnPurpose.HALF_AN_ANNOTATION),
        last("a time stamp that is no number", ascii("#TS:soon\r\n")),
        last("a line feed alone", ascii("#x\n")).but(OnPurpose.LINE_FEED_ALONE),
        last("a comment of more than a kilobyte", comment).but(OnPurpose.TOO_LONG));
  }

  private static Stream<DamagedDirectory> preambles() {
    byte[] wrongType = RDB.clone();
    wrongType[RDB.length - 22] = 99;
    byte[] wrongChecksum = RDB.clone();
    wrongChecksum[RDB.length - 1] ^= 1;
    byte[] wrongVersion = RDB.clone();
    wrongVersion[8] = '9';
    wrongVersion[7] = '9';
    byte[] wrongMagic = RDB.clone();
    wrongMagic[0] = 'r';
    return Stream.of(
            Stream.of(
                    5,
                    9,
                    12,
                    30,
                    90,
                    120,
                    RDB.length - 30,
                    RDB.length - 9,
                    RDB.length - 8,
                    RDB.length - 1)
                .map(at -> preamble("a preamble cut at " + at, Arrays.copyOf(RDB, at))),
            Stream.of(
                preamble("an unknown type in the preamble", join(wrongType, LOG))
                    .but(OnPurpose.UNKNOWN_TYPE),
                preamble("a wrong checksum of the preamble", join(wrongChecksum, LOG)),
                preamble("a preamble from the future", join(wrongVersion, LOG)),
                preamble("a magic that is none", join(wrongMagic, LOG)),
                preamble("half a command behind the preamble", join(RDB, LOG, without(LAST, 4))),
                preamble("garbage behind the preamble", join(RDB, ascii("xx"))),
                preamble("zeros behind the preamble", join(RDB, new byte[200])),
                preamble("an open transaction behind the preamble", join(RDB, OPEN))))
        .flatMap(directories -> directories);
  }

  private static Stream<DamagedDirectory> baseFiles() {
    byte[] torn = join(RDB, without(LAST, 3));
    byte[] wrong = RDB.clone();
    wrong[RDB.length - 3] ^= 1;
    return Stream.of(
        multi("an RDB base cut", ONE_INCR, BASE, Arrays.copyOf(RDB, 100), INCR, LOG),
        multi("an RDB base with a flipped bit", ONE_INCR, BASE, wrong, INCR, LOG),
        multi("an RDB base with half a command behind", ONE_INCR, BASE, torn, INCR, LOG),
        multi(
            "a base cut before an empty file", ONE_INCR, BASE, without(LOG, 3), INCR, new byte[0]),
        multi("an empty base, a cut file", ONE_INCR, BASE, new byte[0], INCR, without(LOG, 3)),
        multi("an RDB file for an incremental one", ONE_INCR, BASE, TWO_KEYS, INCR, RDB)
            .but(OnPurpose.RDB_LATER),
        multi(
            "base and incremental file cut",
            ONE_INCR,
            BASE,
            without(LOG, 3),
            INCR,
            without(LOG, 3)));
  }

  private static Stream<DamagedDirectory> missing() {
    return Stream.of(
        new DamagedDirectory("all files gone", Map.of(MANIFEST, TWO_INCRS), MANIFEST),
        new DamagedDirectory("the base gone", Map.of(MANIFEST, ONE_INCR, INCR, LOG), MANIFEST),
        new DamagedDirectory("the last file gone", Map.of(MANIFEST, ONE_INCR, BASE, LOG), MANIFEST),
        new DamagedDirectory(
            "the file in the middle gone",
            Map.of(MANIFEST, TWO_INCRS, BASE, TWO_KEYS, INCR_2, LOG),
            MANIFEST),
        new DamagedDirectory(
            "the manifest gone", Map.of(BASE, TWO_KEYS, INCR, LOG), MANIFEST + "x"),
        new DamagedDirectory(
                "a folder for a file",
                Map.of(MANIFEST, ascii("file . seq 1 type i\n"), INCR, LOG),
                MANIFEST)
            .but(OnPurpose.MANIFEST_WORDS));
  }

  private static Stream<DamagedDirectory> severalFiles() {
    byte[] cut = join(LOG, without(LAST, 6));
    byte[] garbage = join(LOG, ascii("garbage"));
    return Stream.of(
        multi("the last of two cut", TWO_INCRS, BASE, RDB, INCR, LOG, INCR_2, cut),
        multi("the first of two cut", TWO_INCRS, BASE, RDB, INCR, cut, INCR_2, LOG),
        multi("both cut", TWO_INCRS, BASE, RDB, INCR, cut, INCR_2, cut),
        multi("garbage in the first of two", TWO_INCRS, BASE, RDB, INCR, garbage, INCR_2, LOG),
        multi(
            "zeros at the first one's end",
            TWO_INCRS,
            BASE,
            RDB,
            INCR,
            join(LOG, new byte[99]),
            INCR_2,
            LOG),
        multi(
            "the first cut, the last empty", TWO_INCRS, BASE, RDB, INCR, cut, INCR_2, new byte[0]),
        multi(
            "the first empty, the last zeros",
            TWO_INCRS,
            BASE,
            RDB,
            INCR,
            new byte[0],
            INCR_2,
            new byte[99]),
        multi(
            "a transaction over two files",
            TWO_INCRS,
            BASE,
            RDB,
            INCR,
            join(LOG, OPEN),
            INCR_2,
            command("EXEC")));
  }

  private static Stream<DamagedDirectory> manifests() {
    String good = new String(ONE_INCR, StandardCharsets.US_ASCII);
    String third = "file appendonly.aof.2.incr.aof seq 2 type i\n";
    return Stream.of(
        manifest("an empty manifest", ""),
        manifest("a manifest cut in a word", good.substring(0, good.length() - 9)),
        manifest("a manifest without its last line end", good.substring(0, good.length() - 1)),
        manifest("a manifest with zeros behind", good + "\0\0\0\0"),
        manifest("a manifest with garbage behind", good + "xx\n"),
        manifest("a manifest of DOS lines", good.replace("\n", "\r\n")),
        manifest("a manifest line of two kilobytes", good + "#" + "c".repeat(2000) + "\n")
            .but(OnPurpose.MANIFEST_WORDS),
        manifest(
            "a file line of two kilobytes", good + "file " + "c".repeat(2000) + " seq 9 type i\n"),
        manifest("a blank line in a manifest", good + "\n" + third),
        manifest("a path in a manifest", good + "file /etc/passwd seq 2 type i\n"),
        manifest("a negative sequence number", good.replace("seq 1", "seq -1"))
            .but(OnPurpose.MANIFEST_WORDS),
        manifest("a letter behind a sequence number", good.replace("seq 1", "seq 1x"))
            .but(OnPurpose.ODD_NUMBER),
        manifest("a sequence number of zero", good.replace("seq 1", "seq 0")),
        manifest("a sequence number with a letter", good.replace("seq 1", "seq one")),
        manifest("sequence numbers that go down", third + "file " + INCR + " seq 1 type i\n"),
        manifest("the same file twice", good + good),
        manifest("two bases", good + "file " + BASE + " seq 2 type b\n"),
        manifest("a type of its own", good.replace("type i", "type x")),
        manifest("no type", good.replace(" type i", "")),
        manifest("a key without a value", good.replace("type i", "type i extra")),
        manifest("a type without a value", good.replace("type i", "type \"\"")),
        manifest("an unclosed quote", good.replace(INCR, "\"" + INCR)),
        manifest(
            "a name in quotes, with an escape",
            good.replace(INCR, "\"\\x61" + INCR.substring(1) + "\"")),
        manifest("a history file that is gone", good + "file old.aof seq 9 type h\n"),
        manifest(
            "an incremental file before the base",
            third.replace("2", "1") + good.lines().findFirst().orElseThrow() + "\n"),
        manifest("only history", "file old.aof seq 9 type h\n"));
  }

  /** A good log with this behind it, as a file of its own. */
  private static DamagedDirectory last(String name, byte[] tail) {
    return single(name, join(LOG, tail));
  }

  private static DamagedDirectory single(String name, byte[] bytes) {
    return new DamagedDirectory(name, Map.of(SINGLE, bytes), SINGLE);
  }

  private static DamagedDirectory preamble(String name, byte[] bytes) {
    return single(name, bytes);
  }

  private static DamagedDirectory manifest(String name, String text) {
    var files = Map.of(MANIFEST, ascii(text), BASE, RDB, INCR, LOG, INCR_2, without(LOG, 3));
    return new DamagedDirectory(name, files, MANIFEST);
  }

  private static DamagedDirectory multi(
      String name, byte[] manifest, String first, byte[] one, String second, byte[] two) {
    return new DamagedDirectory(
        name, Map.of(MANIFEST, manifest, first, one, second, two), MANIFEST);
  }

  private static DamagedDirectory multi(
      String name,
      byte[] manifest,
      String first,
      byte[] one,
      String second,
      byte[] two,
      String third,
      byte[] three) {
    return new DamagedDirectory(
        name, Map.of(MANIFEST, manifest, first, one, second, two, third, three), MANIFEST);
  }

  /** The bytes with their end, which never reached the disk, as zeros. */
  private static byte[] zeros(byte[] bytes, int last) {
    byte[] other = bytes.clone();
    Arrays.fill(other, Math.max(0, other.length - last), other.length, (byte) 0);
    return other;
  }

  private static byte[] everyByte() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7 + 3);
    }
    return bytes;
  }
}
