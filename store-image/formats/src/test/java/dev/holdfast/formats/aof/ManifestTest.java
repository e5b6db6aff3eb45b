package dev.holdfast.formats.aof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.formats.aof.ManifestFile.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final AofNames NAMES = new AofNames("appendonly.aof");

  @Test
  void readsWhatRedis7Writes() throws ManifestException {
    var manifest =
        parse(
            """
            file appendonly.aof.2.base.rdb seq 2 type b
            file appendonly.aof.1.base.rdb seq 1 type h
            file appendonly.aof.3.incr.aof seq 3 type i
            file appendonly.aof.5.incr.aof seq 5 type i
            """);

    assertThat(manifest.base()).map(ManifestFile::name).contains("appendonly.aof.2.base.rdb");
    assertThat(manifest.history()).extracting(ManifestFile::seq).containsExactly(1L);
    assertThat(manifest.incr()).extracting(ManifestFile::seq).containsExactly(3L, 5L);
    assertThat(manifest.replayed())
        .extracting(ManifestFile::name)
        .containsExactly(
            "appendonly.aof.2.base.rdb", "appendonly.aof.3.incr.aof", "appendonly.aof.5.incr.aof");
  }

  @Test
  void readsTheOffsetsOfRedis8AndKeepsKeysItDoesNotKnow() throws ManifestException {
    var text =
        "file a.1.incr.aof seq 1 type i startoffset 100 endoffset 250 color \"light blue\"\n";
    var manifest = parse(text);

    var file = manifest.lastIncr().orElseThrow();
    assertThat(file.startOffset()).hasValue(100);
    assertThat(file.endOffset()).hasValue(250);
    assertThat(file.unknown()).containsExactly(Map.entry("color", "light blue"));
    assertThat(manifest.encode()).asString(UTF_8).isEqualTo(text);
  }

  @Test
  void keysMayBeInAnyOrderAndCaseAndCommentsAreSkipped() throws ManifestException {
    var manifest = parse("# written by hand\n\tTYPE i  SEQ 7 File x.aof \r\n#\n");

    assertThat(manifest.incr()).containsExactly(new ManifestFile("x.aof", 7, Type.INCR));
  }

  @Test
  void namesMayBeQuotedAndEscaped() throws ManifestException {
    var manifest =
        parse("file \"my \\\"aof\\\" \\x41\\n\" seq 1 type b\nfile 'it\\'s' seq 1 type i\n");

    assertThat(manifest.base()).map(ManifestFile::name).contains("my \"aof\" A\n");
    assertThat(manifest.lastIncr()).map(ManifestFile::name).contains("it's");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "-",
      value = {
        "~~                                              | 0 | Found an empty AOF manifest",
        "file a seq 1 type b^^                           | 2 | Invalid AOF manifest file format",
        "file a seq 1^                                   | 1 | Invalid AOF manifest file format",
        "file a seq 1 type b odd^                        | 1 | Invalid AOF manifest file format",
        "file a seq 0 type b^                            | 1 | Invalid AOF manifest file format",
        "file a seq -1 type b^                           | 1 | Invalid AOF manifest file format",
        "file a seq x type b^                            | 1 | Invalid AOF manifest file format",
        "seq 1 type b other x^                           | 1 | Invalid AOF manifest file format",
        "file \"a seq 1 type b^                          | 1 | Invalid AOF manifest file format",
        "file \"a\"b seq 1 type b^                       | 1 | Invalid AOF manifest file format",
        "file a seq 1 type b^file b seq 2 type b^        | 2 | Found duplicate base file information",
        "file a seq 2 type i^file b seq 2 type i^        | 2 | Found a non-monotonic sequence number",
        "file a seq 2 type i^file b seq 1 type i^        | 2 | Found a non-monotonic sequence number",
        "file a seq 1 type x^                            | 1 | Unknown AOF file type",
        "file ../a seq 1 type b^                         | 1 | File can't be a path, just a filename",
        "file dir/a seq 1 type b^                        | 1 | File can't be a path, just a filename",
        "file a seq 1 type b                             | 1 | The AOF manifest file contains too long line",
      })
  void everyFaultIsNamedWithItsLineInTheWordsOfStockServers(String text, int line, String reason) {
    var bytes = text == null ? "" : text.replace('^', '\n');

    assertThatThrownBy(() -> parse(bytes))
        .isInstanceOfSatisfying(
            ManifestException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.line()).isEqualTo(line);
              assertThat(e).hasMessageContaining("test.manifest, line " + line);
            });
  }

  @Test
  void aLineMayHave1023BytesAndNoMore() throws ManifestException {
    var rest = " seq 1 type b";
    var longest = "x".repeat(1023 - 5 - rest.length());

    assertThat(parse("file " + longest + rest + "\n").base()).isPresent();
    assertThatThrownBy(() -> parse("file x" + longest + rest + "\n"))
        .hasMessageContaining("The AOF manifest file contains too long line");
  }

  @Test
  void anEmptyManifestIsNeverWritten() {
    assertThatThrownBy(() -> Manifest.empty().encode()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aRewriteGoesThroughTheStatesOfStockServers() throws ManifestException {
    var running =
        parse(
            """
            file appendonly.aof.1.base.rdb seq 1 type b
            file appendonly.aof.1.incr.aof seq 1 type i
            """);

    assertThat(running.nextIncrName(NAMES)).isEqualTo("appendonly.aof.2.incr.aof");
    var appending = running.withNextIncr(NAMES);
    assertThat(text(appending))
        .isEqualTo(
            """
            file appendonly.aof.1.base.rdb seq 1 type b
            file appendonly.aof.1.incr.aof seq 1 type i
            file appendonly.aof.2.incr.aof seq 2 type i
            """);

    assertThat(appending.nextBaseName(NAMES, BaseFormat.AOF))
        .isEqualTo("appendonly.aof.2.base.aof");
    var rewritten = appending.rewritten(NAMES, BaseFormat.AOF, 2);
    assertThat(text(rewritten))
        .isEqualTo(
            """
            file appendonly.aof.2.base.aof seq 2 type b
            file appendonly.aof.1.base.rdb seq 1 type h
            file appendonly.aof.1.incr.aof seq 1 type h
            file appendonly.aof.2.incr.aof seq 2 type i
            """);

    assertThat(text(rewritten.withoutHistory()))
        .isEqualTo(
            """
            file appendonly.aof.2.base.aof seq 2 type b
            file appendonly.aof.2.incr.aof seq 2 type i
            """);
  }

  @Test
  void aNameThatIsStillInUseAsHistoryIsNotTakenAgain() throws ManifestException {
    var manifest =
        parse(
            """
            file appendonly.aof.1.base.rdb seq 1 type b
            file appendonly.aof.4.base.rdb seq 4 type h
            file appendonly.aof.9.incr.aof seq 9 type h
            """);

    assertThat(manifest.nextBaseSeq(NAMES)).isEqualTo(5);
    assertThat(manifest.nextIncrSeq(NAMES)).isEqualTo(10);
  }

  @Test
  void aSingleFileIsTakenOverAsTheBase() {
    assertThat(text(Manifest.upgradeFrom("appendonly.aof")))
        .isEqualTo("file appendonly.aof seq 1 type b\n");
  }

  @Test
  void namesTellWhatTheyName() {
    assertThat(NAMES.parse("appendonly.aof.12.base.rdb")).contains(new AofNames.Part(12, true));
    assertThat(NAMES.parse("appendonly.aof.12.base.aof")).contains(new AofNames.Part(12, true));
    assertThat(NAMES.parse("appendonly.aof.3.incr.aof")).contains(new AofNames.Part(3, false));
    assertThat(NAMES.manifest()).isEqualTo("appendonly.aof.manifest");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "appendonly.aof",
        "appendonly.aof.manifest",
        "appendonly.aof..incr.aof",
        "appendonly.aof.x.incr.aof",
        "appendonly.aof.1.incr.aof.bak",
        "other.aof.1.incr.aof",
        "temp-appendonly.aof.incr",
        "appendonly.aof.9999999999999999999.incr.aof"
      })
  void otherNamesAreNotFilesOfTheAof(String name) {
    assertThat(NAMES.parse(name)).isEmpty();
  }

  @Property
  void whatIsWrittenIsReadBack(@ForAll("manifests") Manifest manifest) throws ManifestException {
    assertThat(Manifest.parse(manifest.encode(), "test.manifest")).isEqualTo(manifest);
  }

  @Provide
  Arbitrary<Manifest> manifests() {
    var names =
        Arbitraries.strings()
            .withChars("aA1.-_ \"'\t\n\u0001\u007fé€#")
            .ofMinLength(1)
            .ofMaxLength(20)
            .filter(name -> !name.equals(".") && !name.equals(".."));
    var offsets =
        Arbitraries.longs()
            .between(0, 1L << 50)
            .optional()
            .map(o -> o.isPresent() ? OptionalLong.of(o.get()) : OptionalLong.empty());
    var base = names.map(name -> new ManifestFile(name, 3, Type.BASE)).optional();
    var history = names.map(name -> new ManifestFile(name, 2, Type.HISTORY)).list().ofMaxSize(3);
    var incr =
        Combinators.combine(names, offsets, offsets)
            .as(
                (name, start, end) ->
                    new ManifestFile(name, 1, Type.INCR, start, end, Map.of("x", name)))
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(ManifestTest::numbered);
    return Combinators.combine(base, history, incr).as(Manifest::new);
  }

  private static List<ManifestFile> numbered(List<ManifestFile> files) {
    var numbered = new ArrayList<ManifestFile>();
    for (var file : files) {
      long seq = 2L * numbered.size() + 1;
      numbered.add(
          new ManifestFile(
              file.name(), seq, Type.INCR, file.startOffset(), file.endOffset(), file.unknown()));
    }
    return numbered;
  }

  private static Manifest parse(String text) throws ManifestException {
    return Manifest.parse(text.getBytes(UTF_8), "test.manifest");
  }

  private static String text(Manifest manifest) {
    return new String(manifest.encode(), UTF_8);
  }
}
