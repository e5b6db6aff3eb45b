package dev.holdfast.operator.store.observe;

import java.util.Map;
import java.util.Optional;

/**
 * What a poll found in one pod.
 *
 * @param podUid the pod it was
 * @param server the server, as far as it answers
 * @param check the report of the check before this start; empty while the health port does not
 *     answer
 * @param fileSha256 of the configuration file as the pod has it now; empty while the health port
 *     does not answer
 */
public record ServerFacts(
    String podUid, Server server, Optional<CheckReport> check, Optional<String> fileSha256) {

  /** What a server says that still takes deletes, while its disk is almost full. */
  public static final String ALMOST_FULL =
      "MISCONF The disk is almost full, commands that need room are refused";

  /** The server in the pod. */
  public sealed interface Server {}

  /**
   * It answers.
   *
   * @param info its INFO
   * @param config live values of the directives that the operator sets, by name
   * @param refusal why it refuses writes, in its words ({@code MISCONF …}); empty when it does not
   */
  public record Up(ServerInfo info, Map<String, String> config, Optional<String> refusal)
      implements Server {
    public Up {
      config = Map.copyOf(config);
    }
  }

  /** It does not answer, or not in a way that is of use. */
  public record Down(String words) implements Server {}

  /** The server, when it answers and does not load. */
  public Optional<Up> serving() {
    return server instanceof Up up && !up.info().loading() ? Optional.of(up) : Optional.empty();
  }

  /** The server's INFO, when it answers. */
  public Optional<ServerInfo> info() {
    return server instanceof Up up ? Optional.of(up.info()) : Optional.empty();
  }
}
