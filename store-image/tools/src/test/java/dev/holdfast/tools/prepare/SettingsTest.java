package dev.holdfast.tools.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  @Test
  void a_pod_says_everything_in_its_environment_and_the_file_in_its_arguments() {
    var settings =
        Settings.parse(
            new String[] {"/etc/holdfast/redis.conf"},
            Map.ofEntries(
                Map.entry("HOLDFAST_DATA", "/data"),
                Map.entry("HOLDFAST_AUTH", "/etc/holdfast-auth"),
                Map.entry("HOLDFAST_HEALTH_PORT", "8080"),
                Map.entry("HOLDFAST_BIND", "127.0.0.2 ::1"),
                Map.entry("HOLDFAST_STORE_ID", "9f6c"),
                Map.entry("HOLDFAST_EXPECT_DATA", "true"),
                Map.entry("HOLDFAST_RECOVERY_POLICY", "Manual"),
                Map.entry("HOLDFAST_MAX_DATA_LOSS", "65536"),
                Map.entry("HOLDFAST_GRANT", "0123456789abcdef"),
                Map.entry("HOLDFAST_POD_UID", "5d2c"),
                Map.entry("HOLDFAST_TERMINATION_LOG", "/dev/null")));
    assertThat(settings.configFile()).contains(Path.of("/etc/holdfast/redis.conf"));
    assertThat(settings.data()).contains(Path.of("/data"));
    assertThat(settings.auth()).contains(Path.of("/etc/holdfast-auth"));
    assertThat(settings.healthPort()).hasValue(8080);
    assertThat(settings.bind()).containsExactly("127.0.0.2", "::1");
    assertThat(settings.storeId()).contains("9f6c");
    assertThat(settings.expectData()).isTrue();
    assertThat(settings.policy()).isEqualTo(RecoveryPolicy.MANUAL);
    assertThat(settings.maxDataLoss()).isEqualTo(65536);
    assertThat(settings.grant()).contains("0123456789abcdef");
    assertThat(settings.terminationLog()).isEqualTo(Path.of("/dev/null"));
  }

  @Test
  void an_option_wins_over_its_variable_and_an_empty_variable_is_none() {
    var environment = Map.of("HOLDFAST_DATA", "/data", "HOLDFAST_GRANT", "");
    var settings = Settings.parse(new String[] {"--dir", "/other", "--once"}, environment);
    assertThat(settings.data()).contains(Path.of("/other"));
    assertThat(settings.grant()).isEmpty();
    assertThat(settings.once()).isTrue();
  }

  @Test
  void without_a_word_a_repair_may_drop_one_page() {
    var settings = Settings.parse(new String[0], Map.of());
    assertThat(settings.maxDataLoss()).isEqualTo(4096);
    assertThat(settings.policy()).isEqualTo(RecoveryPolicy.AUTOMATIC);
    assertThat(settings.expectData()).isFalse();
  }

  @Test
  void what_follows_exec_or_two_dashes_is_the_servers() {
    assertThat(
            Settings.parse(new String[] {"a.conf", "--", "--port", "7000"}, Map.of())
                .serverArguments())
        .containsExactly("--port", "7000");
    assertThat(
            Settings.parse(new String[] {"a.conf", "--exec", "redis-server", "--once"}, Map.of())
                .server())
        .containsExactly("redis-server", "--once");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4Ki, 4096", "2Mi, 2097152", "1Gi, 1073741824", "123456789012, 123456789012"})
  void a_budget_is_written_as_in_the_resource(String text, long bytes) {
    assertThat(Settings.parse(new String[] {"--max-data-loss", text}, Map.of()).maxDataLoss())
        .isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "--max-data-loss, 4KB, 'a number of bytes'",
    "--max-data-loss, -1, 'a number of bytes'",
    "--max-data-loss, 99999999999999999999, 'a number of bytes'",
    "--health-port, 70000, 'from 0 to 65535'",
    "--policy, manual, 'Automatic, TruncateTail, Manual'",
    "--expect-data, maybe, 'true or false'",
    "--store-id, 'a\"b', 'a UUID'",
    "--port, 7000, 'behind --'",
    "a.conf, b.conf, 'one configuration file'"
  })
  void a_mistake_is_answered_with_what_to_write(String option, String value, String answer) {
    assertThatThrownBy(() -> Settings.parse(new String[] {option, value}, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(answer);
  }

  @Test
  void an_option_without_its_value_is_a_mistake() {
    assertThatThrownBy(() -> Settings.parse(new String[] {"--dir"}, Map.of()))
        .hasMessage("--dir needs a value");
    assertThatThrownBy(() -> Settings.parse(new String[] {"--exec"}, Map.of()))
        .hasMessageContaining("--exec needs");
  }
}
