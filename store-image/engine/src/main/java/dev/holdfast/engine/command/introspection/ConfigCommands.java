package dev.holdfast.engine.command.introspection;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.ADMIN;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.SERVER;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.Flag;
import dev.holdfast.engine.command.Help;
import dev.holdfast.engine.config.Config;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** {@code CONFIG}. */
public final class ConfigCommands {
  private final Config config;
  private final Predicate<Client> guardedAllowed;
  private final Supplier<String> rewrite;
  private final Runnable resetStatistics;

  private ConfigCommands(
      Config config,
      Predicate<Client> guardedAllowed,
      Supplier<String> rewrite,
      Runnable resetStatistics) {
    this.config = config;
    this.guardedAllowed = guardedAllowed;
    this.rewrite = rewrite;
    this.resetStatistics = resetStatistics;
  }

  /**
   * Adds them to the table.
   *
   * @param guardedAllowed which clients may change protected directives
   * @param rewrite writes the configuration file; null, or an error line
   */
  public static void register(
      CommandTable table,
      Config config,
      Predicate<Client> guardedAllowed,
      Supplier<String> rewrite,
      Runnable resetStatistics) {
    var commands = new ConfigCommands(config, guardedAllowed, rewrite, resetStatistics);
    var flags = new Flag[] {ADMIN, NOSCRIPT, LOADING, STALE};
    table.add(
        command("config", -2, SERVER, "2.0.0")
            .doc("", "Commands about the configuration.")
            .contains(
                command("config|get", -3, SERVER, "2.0.0", flags)
                    .complexity("O(N) when N is the number of configuration parameters provided")
                    .doc("parameter [parameter ...]", "Answers directives whose names match.")
                    .runs(commands::get),
                command("config|help", 2, SERVER, "5.0.0", LOADING, STALE)
                    .doc("", "Explains the subcommands.")
                    .runs(ConfigCommands::help),
                command("config|resetstat", 2, SERVER, "2.0.0", flags)
                    .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                    .doc("", "Sets the counters of INFO to zero.")
                    .runs(commands::resetstat),
                command("config|rewrite", 2, SERVER, "2.8.0", flags)
                    .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                    .doc("", "Writes what is in force into the configuration file.")
                    .runs(commands::rewrite),
                command("config|set", -4, SERVER, "2.0.0", flags)
                    .complexity("O(N) when N is the number of configuration parameters provided")
                    .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                    .doc(
                        "parameter value [parameter value ...]",
                        "Changes directives, all of them or none.")
                    .runs(commands::set)));
  }

  private void get(Call call) {
    var patterns = new ArrayList<String>();
    for (int i = 2; i < call.count(); i++) {
      patterns.add(call.string(i));
    }
    Map<String, String> found = config.matching(patterns);
    call.reply().map(found.size());
    found.forEach(
        (name, value) -> {
          call.reply().bulk(name);
          call.reply().bulk(value);
        });
  }

  private void set(Call call) {
    if (call.count() % 2 != 0) {
      throw Fault.syntax();
    }
    var settings = new ArrayList<Config.Setting>();
    for (int i = 2; i < call.count(); i += 2) {
      settings.add(new Config.Setting(call.string(i), call.string(i + 1)));
    }
    String refusal = config.set(settings, guardedAllowed.test(call.client()));
    if (refusal != null) {
      throw new Fault(refusal);
    }
    call.reply().ok();
  }

  private void rewrite(Call call) {
    String error = rewrite.get();
    if (error != null) {
      throw new Fault(error);
    }
    call.reply().ok();
  }

  private void resetstat(Call call) {
    resetStatistics.run();
    call.reply().ok();
  }

  private static void help(Call call) {
    Help.reply(
        call,
        "GET <pattern>",
        "    The directives whose names match <pattern>, and their values.",
        "SET <directive> <value> [<directive> <value> ...]",
        "    Change directives, all of them or none.",
        "RESETSTAT",
        "    Set the counters of INFO to zero.",
        "REWRITE",
        "    Write what is in force into the configuration file.");
  }
}
