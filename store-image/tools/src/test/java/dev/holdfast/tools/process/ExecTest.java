package dev.holdfast.tools.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecTest {

  @TempDir Path folder;

  @Test
  void the_program_takes_over_the_process_id_and_gets_its_arguments() throws Exception {
    var process = becoming("sh", "-c", "echo $$ \"$@\"", "sh", "one", "two words", "", "ünï");
    assertThat(output(process)).isEqualTo(process.pid() + " one two words  ünï\n");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void the_program_inherits_no_open_files() throws Exception {
    var process = becoming("ls", "/proc/self/fd");
    assertThat(output(process).lines())
        .containsExactly("0", "1", "2", "3"); // 3 is the folder that ls reads
  }

  @Test
  void no_signal_is_blocked_in_the_program() throws Exception {
    var process = becoming("grep", "SigBlk", "/proc/self/status");
    assertThat(output(process)).isEqualTo("SigBlk:\t0000000000000000\n");
  }

  @Test
  void the_mark_of_a_native_launcher_is_not_passed_on_but_the_environment_is() throws Exception {
    var process = becoming("sh", "-c", "echo ${_JPACKAGE_LAUNCHER-none} $LC_ALL");
    assertThat(output(process)).isEqualTo("none C.UTF-8\n");
  }

  @Test
  void a_program_that_is_not_there_is_named() throws Exception {
    assertThat(output(becoming("holdfast-no-such-program")))
        .contains("cannot run holdfast-no-such-program: not found in PATH");
    assertThat(output(becoming("/no/such/program")))
        .contains("cannot run /no/such/program: No such file or directory");
    var text = Files.writeString(folder.resolve("text"), "not a program");
    assertThat(output(becoming(text.toString())))
        .contains("cannot run " + text + ": Permission denied");
  }

  /** A JVM that holds an open file and threads, and then becomes the command. */
  private Process becoming(String... command) throws IOException {
    Files.writeString(folder.resolve("held"), "x");
    var words =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home")
                    + File.separator
                    + "bin"
                    + File.separator
                    + "java"));
    words.addAll(
        List.of(
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path")));
    words.addAll(List.of(Becoming.class.getName(), folder.resolve("held").toString()));
    words.addAll(List.of(command));
    // By a file, because a JVM without a locale cannot pass on letters beyond ASCII.
    var file = folder.resolve("arguments");
    Files.write(file, words.stream().skip(1).map(ExecTest::quoted).toList());
    var builder = new ProcessBuilder(words.getFirst(), "@" + file).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("_JPACKAGE_LAUNCHER", "/some/launcher");
    return builder.start();
  }

  private static String quoted(String word) {
    return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The program under test. */
  static final class Becoming {
    public static void main(String[] args) throws Exception {
      try (var held = Files.newByteChannel(Path.of(args[0]))) {
        Thread.ofPlatform().daemon().start(() -> {});
        throw Exec.replaceProcess(List.of(args).subList(1, args.length), System.getenv("PATH"));
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
