package dev.holdfast.engine.info;

import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.command.Command;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.ServerStats;
import dev.holdfast.engine.config.Config;
import dev.holdfast.engine.keyspace.Database;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.latency.LatencyHistogram;
import dev.holdfast.engine.loop.Loop;
import dev.holdfast.engine.persistence.Persistence;
import dev.holdfast.engine.pubsub.Channels;
import dev.holdfast.engine.tracking.Tracking;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of {@code INFO}: the sections and fields of Redis 7.2, and {@code durability}, which is
 * ours.
 */
public final class Info {
  private static final List<String> ALL =
      List.of(
          "server",
          "clients",
          "memory",
          "persistence",
          "durability",
          "stats",
          "replication",
          "cpu",
          "modules",
          "commandstats",
          "errorstats",
          "latencystats",
          "cluster",
          "keyspace");
  private static final Set<String> NOT_BY_DEFAULT = Set.of("commandstats", "latencystats");

  private final Sources sources;

  /** Where the facts come from. */
  public record Sources(
      Config config,
      Clients clients,
      Loop loop,
      ServerStats stats,
      Rates rates,
      Persistence persistence,
      Keyspace keyspace,
      CommandTable table,
      Channels channels,
      Tracking tracking,
      Clock clock,
      ServerState state,
      LongSupplier usedMemory,
      LongSupplier peakMemory,
      String runId,
      String networkName,
      String configFile) {}

  public Info(Sources sources) {
    this.sources = sources;
  }

  /**
   * The text.
   *
   * @param sections in lower case; none for the usual ones, {@code all} or {@code everything} for
   *     all
   */
  public String text(List<String> sections) {
    var out = new StringBuilder();
    for (String section : ALL) {
      if (wanted(section, sections)) {
        write(out, section);
      }
    }
    return out.toString();
  }

  private static boolean wanted(String section, List<String> sections) {
    boolean byDefault = !NOT_BY_DEFAULT.contains(section);
    return sections.isEmpty()
        ? byDefault
        : sections.contains(section)
            || sections.contains("all")
            || sections.contains("everything")
            || (sections.contains("default") && byDefault);
  }

  private void write(StringBuilder out, String section) {
    switch (section) {
      case "server" -> server(new Section(out, "Server"));
      case "clients" -> clients(new Section(out, "Clients"));
      case "memory" -> new MemorySection(sources).write(new Section(out, "Memory"));
      case "persistence" -> new PersistenceSection(sources).write(new Section(out, "Persistence"));
      case "durability" ->
          new PersistenceSection(sources).writeDurability(new Section(out, "Durability"));
      case "stats" -> new StatsSection(sources).write(new Section(out, "Stats"));
      case "replication" -> replication(new Section(out, "Replication"));
      case "cpu" -> cpu(new Section(out, "CPU"));
      case "modules" -> new Section(out, "Modules");
      case "commandstats" -> commandStats(new Section(out, "Commandstats"));
      case "errorstats" -> errorStats(new Section(out, "Errorstats"));
      case "latencystats" -> latencyStats(new Section(out, "Latencystats"));
      case "cluster" -> new Section(out, "Cluster").add("cluster_enabled", 0);
      case "keyspace" -> keyspace(new Section(out, "Keyspace"));
      default -> throw new IllegalStateException("no section " + section);
    }
  }

  private void server(Section s) {
    long micros = sources.clock.wallMillis() * 1000;
    long up = sources.state.upNanos() / 1_000_000_000;
    s.add("redis_version", "7.2.4")
        .add("server_name", "holdfast")
        .add("redis_git_sha1", "00000000")
        .add("redis_git_dirty", 0)
        .add("redis_build_id", "0")
        .add("redis_mode", "standalone")
        .add(
            "os",
            System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch"))
        .add("arch_bits", 64)
        .add("monotonic_clock", "POSIX clock_gettime")
        .add("multiplexing_api", sources.networkName)
        .add("java_version", System.getProperty("java.vm.version"))
        .add("process_id", ProcessHandle.current().pid())
        .add("process_supervised", "no")
        .add("run_id", sources.runId)
        .add("tcp_port", sources.config.text("port"))
        .add("server_time_usec", micros)
        .add("uptime_in_seconds", up)
        .add("uptime_in_days", up / 86_400)
        .add("hz", sources.config.text("hz"))
        .add("configured_hz", sources.config.text("hz"))
        .add("lru_clock", sources.clock.wallMillis() / 1000 & 0xff_ffff)
        .add("executable", ProcessHandle.current().info().command().orElse(""))
        .add("config_file", sources.configFile == null ? "" : sources.configFile)
        .add("io_threads_active", 0);
  }

  private void clients(Section s) {
    s.add("connected_clients", sources.clients.size())
        .add("cluster_connections", 0)
        .add("maxclients", sources.config.text("maxclients"))
        .add("client_recent_max_input_buffer", 0)
        .add("client_recent_max_output_buffer", 0)
        .add("blocked_clients", sources.clients.blockedCount())
        .add("tracking_clients", sources.tracking.clients())
        .add("clients_in_timeout_table", sources.clients.blockedCount())
        .add("total_blocking_keys", 0)
        .add("total_blocking_keys_on_nokey", 0);
  }

  private void replication(Section s) {
    s.add("role", "master")
        .add("connected_slaves", 0)
        .add("master_failover_state", "no-failover")
        .add("master_replid", sources.state.replicationId())
        .add("master_replid2", "0".repeat(40))
        .add("master_repl_offset", sources.persistence.log().appendedOffset())
        .add("second_repl_offset", -1)
        .add("repl_backlog_active", 0)
        .add("repl_backlog_size", sources.config.text("repl-backlog-size"))
        .add("repl_backlog_first_byte_offset", 0)
        .add("repl_backlog_histlen", 0);
  }

  private static void cpu(Section s) {
    var process = ProcessFacts.cpu("/proc/self/stat");
    var thread = ProcessFacts.cpu("/proc/thread-self/stat");
    s.decimals("used_cpu_sys", process.system(), 6)
        .decimals("used_cpu_user", process.user(), 6)
        .decimals("used_cpu_sys_children", process.childrenSystem(), 6)
        .decimals("used_cpu_user_children", process.childrenUser(), 6)
        .decimals("used_cpu_sys_main_thread", thread.system(), 6)
        .decimals("used_cpu_user_main_thread", thread.user(), 6);
  }

  private Stream<Command> used() {
    return sources.table.everything().stream()
        .filter(command -> command.stats().calls() > 0 || command.stats().rejected() > 0)
        .sorted(Comparator.comparing(Command::name));
  }

  private void commandStats(Section s) {
    used()
        .forEach(
            command -> {
              var stats = command.stats();
              double each = stats.calls() == 0 ? 0 : (double) stats.microseconds() / stats.calls();
              s.add(
                  "cmdstat_" + command.name(),
                  "calls=%d,usec=%d,usec_per_call=%s,rejected_calls=%d,failed_calls=%d"
                      .formatted(
                          stats.calls(),
                          stats.microseconds(),
                          Section.fixed(each, 2),
                          stats.rejected(),
                          stats.failed()));
            });
  }

  private void errorStats(Section s) {
    sources.stats.errors().forEach((code, count) -> s.add("errorstat_" + code, "count=" + count));
  }

  private void latencyStats(Section s) {
    List<String> percentiles = sources.config.words("latency-tracking-info-percentiles");
    used()
        .filter(command -> command.stats().calls() > 0)
        .forEach(
            command ->
                s.add(
                    "latency_percentiles_usec_" + command.name(),
                    percentiles(command.stats().latency(), percentiles)));
  }

  private static String percentiles(LatencyHistogram latency, List<String> percentiles) {
    return percentiles.stream()
        .map(p -> "p" + p + "=" + Section.fixed(latency.percentileMicros(Double.parseDouble(p)), 3))
        .collect(Collectors.joining(","));
  }

  private void keyspace(Section s) {
    for (int db = 0; db < sources.keyspace.databases(); db++) {
      Database database = sources.keyspace.database(db);
      if (database.size() > 0) {
        s.add(
            "db" + db,
            "keys=" + database.size() + ",expires=" + database.expiring() + ",avg_ttl=0");
      }
    }
  }
}
