package dev.holdfast.tools.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * On damage of every kind {@code holdfast-check-aof} says, answers and leaves what {@code
 * redis-check-aof} 7.0 does; where it does not, {@link OnPurpose} names the reason.
 */
class DamagedDirectoriesTest {

  private static final String TIME = "150";

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("alike")
  void a_check_is_the_same(DamagedDirectory damaged) throws Exception {
    compare(damaged, List.of(damaged.target()), "");
  }

  @ParameterizedTest
  @MethodSource("alike")
  void a_fix_is_the_same_to_the_byte(DamagedDirectory damaged) throws Exception {
    compare(damaged, List.of("--fix", damaged.target()), "y\n");
  }

  @ParameterizedTest
  @MethodSource("alike")
  void a_cut_to_a_time_is_the_same_to_the_byte(DamagedDirectory damaged) throws Exception {
    compare(damaged, List.of("--truncate-to-timestamp", TIME, damaged.target()), "");
  }

  @ParameterizedTest
  @MethodSource("salvageable")
  void what_is_salvaged_is_good_for_the_stock_tool_and_the_source_is_left_alone(
      DamagedDirectory damaged) throws Exception {
    var source = Files.createDirectories(folder.resolve("appendonlydir"));
    var target = folder.resolve("new");
    var arguments =
        List.of("--salvage", target.toString(), source.resolve(damaged.target()).toString());
    var tool = new StockTool(source);

    var run = tool.ours(damaged.files(), arguments, "");

    for (var file : damaged.files().entrySet()) {
      assertThat(source.resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
    if (run.exitCode() == 0) {
      try (var files = Files.list(target.resolve("appendonlydir"))) {
        var manifest = files.filter(path -> path.toString().endsWith(".manifest")).findFirst();
        assertThat(tool.stock(Map.of(), List.of(manifest.orElseThrow().toString()), "").exitCode())
            .isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("unlike")
  void the_tools_disagree_on_purpose(DamagedDirectory damaged) throws Exception {
    var tool = new StockTool(Files.createDirectories(folder.resolve("appendonlydir")));
    var arguments = List.of(damaged.target());

    var stock = tool.stock(damaged.files(), arguments, "");
    var ours = tool.ours(damaged.files(), arguments, "");

    assertThat(ours.lines()).isNotEqualTo(stock.lines());
    assertThat(stock.exitCode()).isEqualTo(damaged.onPurpose().orElseThrow().stockExitCode());
    assertThat(ours.exitCode()).isEqualTo(damaged.onPurpose().orElseThrow().ourExitCode());
  }

  @ParameterizedTest
  @EnumSource
  void each_difference_is_in_the_documentation_and_has_a_sample(OnPurpose difference)
      throws Exception {
    Path docs = Path.of("").toAbsolutePath();
    while (!Files.exists(docs.resolve("docs/tools.md"))) {
      docs = docs.getParent();
    }
    assertThat(docs.resolve("docs/tools.md")).content().contains(difference.words());
    assertThat(unlike().map(damaged -> damaged.onPurpose().orElseThrow())).contains(difference);
  }

  @Test
  void there_are_enough_of_them_and_no_two_have_a_name() {
    assertThat(alike().count()).isGreaterThanOrEqualTo(60);
    Set<String> names =
        DamagedDirectories.all().map(DamagedDirectory::name).collect(Collectors.toSet());
    assertThat(names).hasSize((int) DamagedDirectories.all().count());
  }

  static Stream<DamagedDirectory> salvageable() {
    return DamagedDirectories.all()
        .filter(damaged -> !damaged.onPurpose().equals(Optional.of(OnPurpose.RDB_LATER)));
  }

  static Stream<DamagedDirectory> alike() {
    return DamagedDirectories.all().filter(damaged -> damaged.onPurpose().isEmpty());
  }

  static Stream<DamagedDirectory> unlike() {
    return DamagedDirectories.all().filter(damaged -> damaged.onPurpose().isPresent());
  }

  private void compare(DamagedDirectory damaged, List<String> arguments, String typed)
      throws Exception {
    var tool = new StockTool(Files.createDirectories(folder.resolve("appendonlydir")));

    var expected = tool.stock(damaged.files(), arguments, typed);

    var actual = tool.ours(damaged.files(), arguments, typed);
    assertThat(actual.lines()).isEqualTo(expected.lines());
    assertThat(actual.exitCode()).isEqualTo(expected.exitCode());
    assertThat(actual.files()).isEqualTo(expected.files());
  }
}
