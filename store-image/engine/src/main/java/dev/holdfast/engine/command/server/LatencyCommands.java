package dev.holdfast.engine.command.server;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.ADMIN;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.SERVER;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Help;
import dev.holdfast.engine.latency.LatencyMonitor;
import java.util.Map;

/** {@code LATENCY}: the spikes of the disk. */
public final class LatencyCommands {
  /** What each kind of event means, and what to do about it. */
  private static final Map<String, String> MEANING =
      Map.of(
          "aof-fsync",
          "a sync of the append only file on the writer's thread. Clients do not wait for it under"
              + " everysec, as long as it ends within half a second: look for what else uses the"
              + " disk.",
          "aof-fsync-always",
          "a sync of the append only file under appendfsync always. Writers wait for it: a faster"
              + " disk, or appendfsync everysec, would help.",
          "aof-write",
          "a write to the append only file. The kernel holds writes back when the disk cannot keep"
              + " up: look for what else uses the disk.");

  private final LatencyMonitor monitor;

  private LatencyCommands(LatencyMonitor monitor) {
    this.monitor = monitor;
  }

  /** Adds them to the table. */
  public static void register(CommandTable table, LatencyMonitor monitor) {
    var commands = new LatencyCommands(monitor);
    table.add(
        command("latency", -2, SERVER, "2.8.13")
            .doc("", "Commands about latency spikes.")
            .contains(
                command("latency|doctor", 2, SERVER, "2.8.13", ADMIN, NOSCRIPT, LOADING, STALE)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc("", "Explains the spikes in words.")
                    .runs(commands::doctor),
                command("latency|help", 2, SERVER, "2.8.13", LOADING, STALE)
                    .doc("", "Explains the subcommands.")
                    .runs(LatencyCommands::help),
                command("latency|history", 3, SERVER, "2.8.13", ADMIN, NOSCRIPT, LOADING, STALE)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc("event", "Answers the spikes of one kind of event.")
                    .runs(commands::history),
                command("latency|latest", 2, SERVER, "2.8.13", ADMIN, NOSCRIPT, LOADING, STALE)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc("", "Answers the latest spike of each kind of event.")
                    .runs(commands::latest),
                command("latency|reset", -2, SERVER, "2.8.13", ADMIN, NOSCRIPT, LOADING, STALE)
                    .tips("request_policy:all_nodes", "response_policy:agg_sum")
                    .doc("[event [event ...]]", "Forgets spikes.")
                    .runs(commands::reset)));
  }

  private void latest(Call call) {
    var latest = monitor.latest();
    var reply = call.reply();
    reply.array(latest.size());
    for (var event : latest) {
      reply.array(4);
      reply.bulk(event.event());
      reply.integer(event.sample().unixSeconds());
      reply.integer(event.sample().millis());
      reply.integer(event.longestMillis());
    }
  }

  private void history(Call call) {
    var samples = monitor.history(call.string(2));
    var reply = call.reply();
    reply.array(samples.size());
    for (var sample : samples) {
      reply.array(2);
      reply.integer(sample.unixSeconds());
      reply.integer(sample.millis());
    }
  }

  private void reset(Call call) {
    if (call.count() == 2) {
      call.reply().integer(monitor.forgetAll());
      return;
    }
    int forgotten = 0;
    for (int i = 2; i < call.count(); i++) {
      if (monitor.forget(call.string(i))) {
        forgotten++;
      }
    }
    call.reply().integer(forgotten);
  }

  private void doctor(Call call) {
    var text = new StringBuilder();
    for (var event : monitor.latest()) {
      var samples = monitor.history(event.event());
      long mean = samples.stream().mapToLong(LatencyMonitor.Sample::millis).sum() / samples.size();
      text.append(
          "%s: %d spikes, %d ms on average, %d ms at most, the latest of %d ms. This is %s%n"
              .formatted(
                  event.event(),
                  samples.size(),
                  mean,
                  event.longestMillis(),
                  event.sample().millis(),
                  MEANING.getOrDefault(event.event(), "an event of the server.")));
    }
    if (text.isEmpty()) {
      text.append(
          monitor.isOn()
              ? "No latency spike was observed since the start or the last LATENCY RESET.\n"
              : "Latency monitoring is off. CONFIG SET latency-monitor-threshold <milliseconds>"
                  + " switches it on.\n");
    }
    call.reply().verbatim("txt", text.toString());
  }

  private static void help(Call call) {
    Help.reply(
        call,
        "DOCTOR",
        "    The spikes in words, and what to do.",
        "HISTORY <event>",
        "    Unix time and milliseconds of the last spikes of <event>.",
        "LATEST",
        "    The latest spike of each kind of event: its name, Unix time, milliseconds, and the"
            + " longest one.",
        "RESET [<event> ...]",
        "    Forget the spikes of these kinds (default: all).");
  }
}
