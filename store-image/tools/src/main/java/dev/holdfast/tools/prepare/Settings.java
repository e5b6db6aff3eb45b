package dev.holdfast.tools.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code holdfast-prepare} was asked for. Each setting comes from its option or else from its
 * environment variable, whose meaning {@code docs/pod.md} has.
 *
 * @param data the data folder; the configuration's {@code dir}, or the working folder, when neither
 *     option nor variable names one
 * @param configFile the server's configuration
 * @param auth folder with the file {@code password}
 * @param healthPort port of the health server; none outside a pod
 * @param bind addresses to listen on; empty means all
 * @param storeId identity that the volume has to carry; none means that identity is not looked at
 * @param maxDataLoss bytes that a repair may drop without being asked
 * @param grant id of the verdict that a person approved
 * @param terminationLog where the one-line summary goes
 * @param once end with an exit code, neither park nor become the server
 * @param server the command to become: given in full by {@code --exec}, otherwise none and the
 *     launcher's own server is taken
 * @param serverArguments what follows {@code --}, for the launcher's own server
 */
record Settings(
    Optional<Path> data,
    Optional<Path> configFile,
    Optional<Path> auth,
    OptionalInt healthPort,
    List<String> bind,
    Optional<String> storeId,
    boolean expectData,
    RecoveryPolicy policy,
    long maxDataLoss,
    Optional<String> grant,
    Path terminationLog,
    boolean once,
    List<String> server,
    List<String> serverArguments) {

  /**
   * What a repair may drop on its own when nobody says otherwise: one page, the tail that a crash
   * tears.
   */
  static final long DEFAULT_MAX_DATA_LOSS = 4096;

  static final String USAGE =
      """
      Usage: holdfast-prepare [options] [redis.conf] [-- server arguments]
             holdfast-prepare [options] [redis.conf] --exec program [arguments]

      Checks the data of a store, repairs what the budget allows, then becomes the server.

        --once                    check and repair, then end: 0 passed or repaired, 3 a decision is needed
        --config FILE             the server's configuration, as the argument
        --dir DIR                 data folder (HOLDFAST_DATA; otherwise `dir` of redis.conf)
        --auth DIR                folder with the file `password` (HOLDFAST_AUTH)
        --health-port PORT        health server (HOLDFAST_HEALTH_PORT)
        --bind 'ADDRESS ...'      addresses to listen on (HOLDFAST_BIND)
        --store-id UUID           identity that the volume has to carry (HOLDFAST_STORE_ID)
        --expect-data true|false  whether an empty volume is a loss (HOLDFAST_EXPECT_DATA)
        --policy Automatic|TruncateTail|Manual  who decides about repairs (HOLDFAST_RECOVERY_POLICY)
        --max-data-loss SIZE      what a repair may drop on its own: bytes, or with Ki, Mi, Gi (HOLDFAST_MAX_DATA_LOSS; 4Ki)
        --grant ID                the verdict that a person approved (HOLDFAST_GRANT)
        --termination-log FILE    where the one-line summary goes (HOLDFAST_TERMINATION_LOG; /dev/termination-log)
        --exec PROGRAM ...        what to become instead of holdfast-server; the rest of the line is taken as it is
      """;

  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(Ki|Mi|Gi)?|\\d{10,18}");

  Settings {
    bind = List.copyOf(bind);
    server = List.copyOf(server);
    serverArguments = List.copyOf(serverArguments);
  }

  /**
   * @throws IllegalArgumentException for a mistake in the arguments or the environment, with what
   *     to write instead
   */
  static Settings parse(String[] args, Map<String, String> environment) {
    var options = new Options(environment);
    options.read(Arrays.asList(args));
    return new Settings(
        options.text("--dir").map(Path::of),
        options.text("--config").map(Path::of),
        options.text("--auth").map(Path::of),
        port(options.text("--health-port")),
        options
            .text("--bind")
            .map(addresses -> List.of(addresses.trim().split("\\s+")))
            .orElse(List.of()),
        options.text("--store-id").map(Settings::storeId),
        options.text("--expect-data").map(Settings::truth).orElse(false),
        options.text("--policy").map(RecoveryPolicy::parse).orElse(RecoveryPolicy.AUTOMATIC),
        options.text("--max-data-loss").map(Settings::size).orElse(DEFAULT_MAX_DATA_LOSS),
        options.text("--grant"),
        Path.of(options.text("--termination-log").orElse("/dev/termination-log")),
        options.once,
        options.server,
        options.serverArguments);
  }

  private static OptionalInt port(Optional<String> text) {
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    if (text.get().matches("\\d{1,5}") && Integer.parseInt(text.get()) <= 65535) {
      return OptionalInt.of(Integer.parseInt(text.get()));
    }
    throw new IllegalArgumentException(
        "--health-port must be a number from 0 to 65535, not '" + text.get() + "'");
  }

  private static String storeId(String text) {
    if (!text.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException("--store-id must be a UUID, not '" + text + "'");
    }
    return text;
  }

  private static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "--expect-data must be true or false, not '" + text + "'");
    };
  }

  private static long size(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "--max-data-loss must be a number of bytes, or a number with Ki, Mi or Gi, not '"
              + text
              + "'");
    }
    if (matcher.group(1) == null) {
      return Long.parseLong(text);
    }
    long unit =
        switch (matcher.group(2)) {
          case "Ki" -> 1L << 10;
          case "Mi" -> 1L << 20;
          case "Gi" -> 1L << 30;
          case null, default -> 1;
        };
    return Long.parseLong(matcher.group(1)) * unit;
  }

  /** The command line, with the environment behind it. */
  private static final class Options {

    /** By option; {@code --config} has none, a pod names the file as its argument. */
    private static final Map<String, String> VARIABLES =
        Map.ofEntries(
            Map.entry("--dir", "HOLDFAST_DATA"),
            Map.entry("--config", ""),
            Map.entry("--auth", "HOLDFAST_AUTH"),
            Map.entry("--health-port", "HOLDFAST_HEALTH_PORT"),
            Map.entry("--bind", "HOLDFAST_BIND"),
            Map.entry("--store-id", "HOLDFAST_STORE_ID"),
            Map.entry("--expect-data", "HOLDFAST_EXPECT_DATA"),
            Map.entry("--policy", "HOLDFAST_RECOVERY_POLICY"),
            Map.entry("--max-data-loss", "HOLDFAST_MAX_DATA_LOSS"),
            Map.entry("--grant", "HOLDFAST_GRANT"),
            Map.entry("--termination-log", "HOLDFAST_TERMINATION_LOG"));

    private final Map<String, String> environment;
    private final Map<String, String> given = new HashMap<>();
    private boolean once;
    private List<String> server = List.of();
    private List<String> serverArguments = List.of();

    Options(Map<String, String> environment) {
      this.environment = environment;
    }

    void read(List<String> args) {
      for (int i = 0; i < args.size(); i++) {
        String arg = args.get(i);
        List<String> rest = args.subList(i + 1, args.size());
        switch (arg) {
          case "--once" -> once = true;
          case "--" -> {
            serverArguments = new ArrayList<>(rest);
            return;
          }
          case "--exec" -> {
            if (rest.isEmpty()) {
              throw new IllegalArgumentException("--exec needs the program to become");
            }
            server = new ArrayList<>(rest);
            return;
          }
          default -> {
            if (VARIABLES.containsKey(arg)) {
              if (rest.isEmpty()) {
                throw new IllegalArgumentException(arg + " needs a value");
              }
              given.put(arg, rest.getFirst());
              i++;
            } else if (arg.startsWith("-")) {
              throw new IllegalArgumentException(
                  "unknown option " + arg + "; arguments for the server go behind --");
            } else if (given.putIfAbsent("--config", arg) != null) {
              throw new IllegalArgumentException(
                  "one configuration file expected, found "
                      + given.get("--config")
                      + " and "
                      + arg);
            }
          }
        }
      }
    }

    /** The option's value; an empty one counts as not given. */
    Optional<String> text(String option) {
      String value =
          given.getOrDefault(option, environment.getOrDefault(VARIABLES.get(option), ""));
      return value.isBlank() ? Optional.empty() : Optional.of(value.strip());
    }
  }
}
