package dev.holdfast.engine.command.server;

import static dev.holdfast.engine.command.Command.command;
import static dev.holdfast.engine.command.Flag.ADMIN;
import static dev.holdfast.engine.command.Flag.LOADING;
import static dev.holdfast.engine.command.Flag.NOSCRIPT;
import static dev.holdfast.engine.command.Flag.STALE;
import static dev.holdfast.engine.command.Group.SERVER;

import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Command;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.command.Help;
import dev.holdfast.engine.latency.LatencyGraph;
import dev.holdfast.engine.latency.LatencyHistogram;
import dev.holdfast.engine.latency.LatencyMonitor;
import dev.holdfast.engine.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code LATENCY}: the spikes of the disk, and how long each command took. */
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

  /**
   * Stock servers draw the limits of their histograms at powers of two from here, in nanoseconds.
   */
  private static final int LOWEST_EXPONENT = 10;

  private final CommandTable table;
  private final LatencyMonitor monitor;
  private final Clock clock;

  private LatencyCommands(CommandTable table, LatencyMonitor monitor, Clock clock) {
    this.table = table;
    this.monitor = monitor;
    this.clock = clock;
  }

  /** Adds them to the table. */
  public static void register(CommandTable table, LatencyMonitor monitor, Clock clock) {
    var commands = new LatencyCommands(table, monitor, clock);
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
                command("latency|graph", 3, SERVER, "2.8.13", ADMIN, NOSCRIPT, LOADING, STALE)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc("event", "Draws the spikes of one kind of event.")
                    .runs(commands::graph),
                command("latency|help", 2, SERVER, "2.8.13", LOADING, STALE)
                    .doc("", "Explains the subcommands.")
                    .runs(LatencyCommands::help),
                command("latency|histogram", -2, SERVER, "7.0.0", ADMIN, NOSCRIPT, LOADING, STALE)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_nodes",
                        "response_policy:special")
                    .doc(
                        "[command [command ...]]",
                        "Answers how long calls of commands took, cumulated.")
                    .runs(commands::histogram),
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

  private void graph(Call call) {
    String event = call.string(2);
    for (var latest : monitor.latest()) {
      if (latest.event().equals(event)) {
        var samples = monitor.history(event);
        long now = clock.wallMillis() / 1000;
        call.reply().verbatim("txt", LatencyGraph.of(event, samples, latest.longestMillis(), now));
        return;
      }
    }
    throw new Fault("ERR No samples available for event '" + event + "'");
  }

  private void histogram(Call call) {
    List<Command> asked = call.count() == 2 ? table.everything() : new ArrayList<>();
    for (int i = 2; i < call.count(); i++) {
      var command = table.find(call.string(i));
      if (command != null) {
        asked.add(command);
        asked.addAll(command.subcommands());
      }
    }
    var called = asked.stream().filter(command -> command.stats().latency().count() > 0).toList();
    call.reply().map(called.size());
    for (var command : called) {
      call.reply().bulk(command.name());
      distribution(call.reply(), command.stats().latency());
    }
  }

  private static void distribution(Reply reply, LatencyHistogram latency) {
    reply.map(2);
    reply.bulk("calls");
    reply.integer(latency.count());
    reply.bulk("histogram_usec");
    long mark = reply.deferMap();
    int limits = 0;
    long before = 0;
    for (int exponent = LOWEST_EXPONENT; before < latency.count(); exponent++) {
      long below = latency.countBelow(exponent);
      if (below > before) {
        reply.integer(micros(exponent));
        reply.integer(below);
        limits++;
      }
      before = below;
    }
    reply.endMap(mark, limits);
  }

  /** As stock servers round it: to the end of the 128th part that begins at the power of two. */
  private static long micros(int exponent) {
    return ((1L << exponent) + (1L << exponent - 7) - 1) / 1000;
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
        "GRAPH <event>",
        "    The last spikes of <event> as a picture.",
        "HISTOGRAM [<command> ...]",
        "    How many calls of each command (default: all) took at most so many microseconds.",
        "HISTORY <event>",
        "    Unix time and milliseconds of the last spikes of <event>.",
        "LATEST",
        "    The latest spike of each kind of event: its name, Unix time, milliseconds, and the"
            + " longest one.",
        "RESET [<event> ...]",
        "    Forget the spikes of these kinds (default: all).");
  }
}
