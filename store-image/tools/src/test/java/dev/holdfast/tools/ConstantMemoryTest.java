package dev.holdfast.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.offheap.NativeBuffer;
import dev.holdfast.formats.rdb.RdbOptions;
import dev.holdfast.formats.rdb.RdbWriter;
import dev.holdfast.tools.check.CheckAof;
import dev.holdfast.tools.check.CheckRdb;
import dev.holdfast.tools.prepare.Prepare;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tools read files much larger than the memory that they have: a process with the heap of the
 * image, on 400 MB of commands and 200 MB of an RDB file, whose peak of resident memory the system
 * tells.
 */
class ConstantMemoryTest {
  private static final int COMMANDS = 3_000_000;
  private static final long MOST_RESIDENT_KIB = 250 << 10;
  private static final String VALUE = "v".repeat(100);

  @TempDir Path data;

  @Test
  void a_log_is_checked() throws Exception {
    var manifest = aof(false);
    assertThat(Files.size(incr())).isGreaterThan(400_000_000);
    assertThat(run(CheckAof.class, manifest.toString()))
        .contains("All AOF files and manifest are valid");
  }

  @Test
  void a_damaged_log_is_reported_with_its_keys() throws Exception {
    var manifest = aof(true);
    assertThat(run(CheckAof.class, "--report", "json", manifest.toString()))
        .contains("\"verdict\": \"CorruptMiddle\"")
        .contains("\"atLeast\": true");
  }

  @Test
  void an_RDB_file_is_checked() throws Exception {
    var file = data.resolve("dump.rdb");
    rdb(file, 2_000_000);
    assertThat(Files.size(file)).isGreaterThan(200_000_000);
    assertThat(run(CheckRdb.class, file.toString())).contains("2000000 keys read");
  }

  @Test
  void a_volume_is_prepared() throws Exception {
    aof(false);
    var config = Files.writeString(data.resolve("redis.conf"), "appendonly yes\n");
    assertThat(run(Prepare.class, "--once", "--dir", data.toString(), config.toString()))
        .contains("holdfast-prepare: Clean, Passed");
  }

  /** Its output; the process has ended well or with a verdict, and stayed small. */
  private String run(Class<?> program, String... arguments) throws Exception {
    var peak = data.resolve("peak");
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Measured.class.getName(),
                peak.toString(),
                program.getName()));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isLessThan(2);
    assertThat(Long.parseLong(Files.readString(peak))).as(output).isLessThan(MOST_RESIDENT_KIB);
    return output;
  }

  /** Runs a program, and writes down the most memory that the process ever held. */
  public static final class Measured {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    /** The file to write to, the program, its arguments. */
    public static void main(String[] args) throws Exception {
      var file = Path.of(args[0]);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> writePeak(file)));
      Class.forName(args[1])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
    }

    private static void writePeak(Path file) {
      try {
        var matcher = PEAK.matcher(Files.readString(Path.of("/proc/self/status")));
        Files.writeString(file, matcher.find() ? matcher.group(1) : "unknown");
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private Path incr() {
    return data.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
  }

  private Path aof(boolean damaged) throws IOException {
    var folder = Files.createDirectories(data.resolve("appendonlydir"));
    try (var out = new BufferedOutputStream(Files.newOutputStream(incr()), 1 << 20)) {
      out.write("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < COMMANDS; i++) {
        if (damaged && i == COMMANDS / 10) {
          out.write('x');
        }
        var key = "key:%09d".formatted(i);
        out.write(
            ("*3\r\n$3\r\nSET\r\n$13\r\n" + key + "\r\n$100\r\n" + VALUE + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
      }
    }
    return Files.writeString(
        folder.resolve("appendonly.aof.manifest"), "file appendonly.aof.1.incr.aof seq 1 type i\n");
  }

  private static void rdb(Path file, int keys) throws IOException {
    try (var channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var text = new NativeBuffer(256);
        var writer =
            new RdbWriter(
                bytes -> {
                  ByteBuffer buffer = bytes.asByteBuffer();
                  while (buffer.hasRemaining()) {
                    channel.write(buffer);
                  }
                },
                new RdbOptions(10, false, true))) {
      writer.start();
      writer.selectDb(0);
      writer.resizeDb(keys, 0);
      for (int i = 0; i < keys; i++) {
        text.clear();
        text.put(("key:%09d".formatted(i) + VALUE).getBytes(StandardCharsets.US_ASCII));
        writer.entry(text.address(), 13, text.address() + 13, 100, -1);
      }
      writer.end();
    }
  }
}
