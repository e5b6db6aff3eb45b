package dev.holdfast.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A {@code redis.conf} and a command line are read as stock reads them. */
class ConfigFileTest {
  @TempDir Path folder;

  private Config read(String text) throws ConfigException {
    var config = new Config();
    new ConfigFile(config, new DiskConfigFiles(folder)).loadText(text);
    return config;
  }

  private static String fatal(int line, String text, String why) {
    return "\n*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\nReading the configuration file, at line "
        + line
        + "\n>>> '"
        + text
        + "'\n"
        + why;
  }

  @Test
  void commentsBlanksAndQuotes() throws ConfigException {
    var config =
        read(
            "# a comment\n\n  PORT 7000  \nrequirepass \"se\\x63ret \\\"x\\\"\"\nmasterauth 'it''s'\n"
                .replace("'it''s'", "'it\\'s'"));
    assertThat(config.text("port")).isEqualTo("7000");
    assertThat(config.text("requirepass")).isEqualTo("secret \"x\"");
    assertThat(config.text("masterauth")).isEqualTo("it's");
  }

  @Test
  void sizesHaveUnitsAndOlderNamesAreUnderstood() throws ConfigException {
    var config =
        read("maxmemory 2gb\nauto-aof-rewrite-min-size 1k\nlua-time-limit 7\nslave-priority 3\n");
    assertThat(config.number("maxmemory")).isEqualTo(2L << 30);
    assertThat(config.number("auto-aof-rewrite-min-size")).isEqualTo(1000);
    assertThat(config.number("busy-reply-threshold")).isEqualTo(7);
    assertThat(config.number("replica-priority")).isEqualTo(3);
  }

  @Test
  void savePointsAddUpAndTheFirstLineReplacesTheDefault() throws ConfigException {
    assertThat(read("").text("save")).isEqualTo("3600 1 300 100 60 10000");
    assertThat(read("save 900 1\nsave 300 10\n").text("save")).isEqualTo("900 1 300 10");
    assertThat(read("save 900 1\nsave \"\"\n").text("save")).isEmpty();
    assertThat(read("save 900 1 300 10\n").text("save")).isEqualTo("900 1 300 10");
  }

  @Test
  void bufferLimitsOfOneClassLeaveTheOthers() throws ConfigException {
    assertThat(
            read("client-output-buffer-limit replica 1mb 1kb 5\n")
                .text("client-output-buffer-limit"))
        .isEqualTo("normal 0 0 0 slave 1048576 1024 5 pubsub 33554432 8388608 60");
  }

  @Test
  void includedFilesAreReadInPlaceAndByPattern() throws Exception {
    Files.writeString(folder.resolve("a.conf"), "port 1\ntimeout 5\n");
    Files.createDirectory(folder.resolve("d"));
    Files.writeString(folder.resolve("d/1.conf"), "hz 11\n");
    Files.writeString(folder.resolve("d/2.conf"), "hz 12\n");
    var config = read("port 9\ninclude a.conf\ninclude " + folder + "/d/*.conf\n");
    assertThat(config.text("port")).isEqualTo("1");
    assertThat(config.text("timeout")).isEqualTo("5");
    assertThat(config.text("hz")).isEqualTo("12");
  }

  @Test
  void anIncludeThatIsMissingOrIncludesItselfIsToldWithItsName() throws IOException {
    assertThatThrownBy(() -> read("include nowhere.conf\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Fatal error, can't open config file 'nowhere.conf': No such file or directory");
    Files.writeString(folder.resolve("loop.conf"), "include loop.conf\n");
    assertThatThrownBy(() -> read("include loop.conf\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("included by itself");
  }

  @Test
  void mistakesNameTheirLine() {
    assertThatThrownBy(() -> read("port 1\n\nfoo bar\n"))
        .hasMessage(fatal(3, "foo bar", "Bad directive or wrong number of arguments"));
    assertThatThrownBy(() -> read("maxmemory \"12\n"))
        .hasMessage(fatal(1, "maxmemory \"12", "Unbalanced quotes in configuration line"));
    assertThatThrownBy(() -> read("appendfsync sometimes\n"))
        .hasMessage(
            fatal(
                1,
                "appendfsync sometimes",
                "argument(s) must be one of the following: everysec, always, no"));
    assertThatThrownBy(() -> read("timeout\n"))
        .hasMessage(fatal(1, "timeout", "wrong number of arguments"));
    assertThatThrownBy(() -> read("timeout 1 2\n"))
        .hasMessage(fatal(1, "timeout 1 2", "wrong number of arguments"));
    assertThatThrownBy(() -> read("timeout abc\n"))
        .hasMessage(fatal(1, "timeout abc", "argument couldn't be parsed into an integer"));
    assertThatThrownBy(() -> read("timeout 999999999999\n"))
        .hasMessage(
            fatal(
                1, "timeout 999999999999", "argument must be between 0 and 2147483647 inclusive"));
    assertThatThrownBy(() -> read("save 1 a\n"))
        .hasMessage(fatal(1, "save 1 a", "Invalid save parameters"));
    assertThatThrownBy(() -> read("appendonly maybe\n"))
        .hasMessage(fatal(1, "appendonly maybe", "argument must be 'yes' or 'no'"));
    assertThatThrownBy(() -> read("maxmemory 10%\n"))
        .hasMessage(fatal(1, "maxmemory 10%", "argument must be a memory value"));
  }

  @Test
  void whatThisServerDoesNotHaveIsRefusedInsteadOfIgnored() {
    assertThatThrownBy(() -> read("replicaof 10.0.0.1 6379\n"))
        .hasMessageContaining("replication is not supported by this server");
    assertThatThrownBy(() -> read("cluster-enabled yes\n"))
        .hasMessageContaining("cluster mode is not supported");
    assertThatThrownBy(() -> read("rename-command CONFIG x\n"))
        .hasMessageContaining("'rename-command' is not supported");
  }

  @Test
  void theCommandLineWinsOverTheFile() throws Exception {
    Files.writeString(folder.resolve("redis.conf"), "port 1\ntimeout 5\n");
    var line =
        CommandLine.parse(
            List.of("redis.conf", "--port", "7000", "--save", "", "--requirepass", "--dashes"));
    var config = new Config();
    var reader = new ConfigFile(config, new DiskConfigFiles(folder));
    reader.load(line.file());
    line.apply(reader);
    assertThat(config.text("port")).isEqualTo("7000");
    assertThat(config.text("timeout")).isEqualTo("5");
    assertThat(config.text("save")).isEmpty();
    assertThat(config.text("requirepass")).isEqualTo("--dashes");
  }

  @Test
  void aNameAndItsValueMayBeOneArgument() throws ConfigException {
    assertThat(options("--appendonly yes").text("appendonly")).isEqualTo("yes");
    assertThat(options("--save", "3600 1").text("save")).isEqualTo("3600 1");
    assertThat(options("--save 3600 1", "300", "10").text("save")).isEqualTo("3600 1 300 10");
    assertThat(read("save \"3600 1 300 100\"\n").text("save")).isEqualTo("3600 1 300 100");
  }

  @Test
  void saveWithoutAValueTakesTheSavePointsAway() throws ConfigException {
    assertThat(options("--save").text("save")).isEmpty();
    var config = options("--save", "--hz", "11");
    assertThat(config.text("save")).isEmpty();
    assertThat(config.text("hz")).isEqualTo("11");
  }

  @Test
  void linesOfTheCommandLineCountOnFromThoseOfTheFile() throws Exception {
    Files.writeString(folder.resolve("other.conf"), "\n\n\n\nhz 11\n");
    Files.writeString(folder.resolve("redis.conf"), "hz 12\ninclude other.conf\n");
    var reader = new ConfigFile(new Config(), new DiskConfigFiles(folder));
    reader.load("redis.conf");
    var line = CommandLine.parse(List.of("redis.conf", "--port", "0", "--bogus", "2"));
    assertThatThrownBy(() -> line.apply(reader))
        .hasMessage(fatal(5, "bogus \"2\"", "Bad directive or wrong number of arguments"));
    assertThatThrownBy(() -> reader.loadText("bogus 1\n"))
        .hasMessage(fatal(3, "bogus 1", "Bad directive or wrong number of arguments"));
  }

  @Test
  void aMistakeOnTheCommandLineIsShownAsALine() throws ConfigException {
    var line = CommandLine.parse(List.of("--port", "abc"));
    assertThatThrownBy(() -> line.apply(new ConfigFile(new Config(), new DiskConfigFiles(folder))))
        .hasMessage(fatal(2, "port \"abc\"", "argument couldn't be parsed into an integer"));
  }

  private Config options(String... arguments) throws ConfigException {
    var config = new Config();
    CommandLine.parse(List.of(arguments))
        .apply(new ConfigFile(config, new DiskConfigFiles(folder)));
    return config;
  }
}
