package dev.holdfast.engine.server;

import dev.holdfast.engine.agent.Agent;
import dev.holdfast.engine.agent.Scheduler;
import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.ClientSettings;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.Gate;
import dev.holdfast.engine.command.CommandTable;
import dev.holdfast.engine.command.CrossProtocol;
import dev.holdfast.engine.command.Executor;
import dev.holdfast.engine.command.Keys;
import dev.holdfast.engine.command.Listeners;
import dev.holdfast.engine.command.ServerStats;
import dev.holdfast.engine.command.Slowlog;
import dev.holdfast.engine.command.Watches;
import dev.holdfast.engine.command.connection.ClientCommands;
import dev.holdfast.engine.command.connection.Password;
import dev.holdfast.engine.command.introspection.CommandCommand;
import dev.holdfast.engine.command.introspection.ConfigCommands;
import dev.holdfast.engine.command.introspection.InfoCommand;
import dev.holdfast.engine.command.persistence.PersistenceCommands;
import dev.holdfast.engine.command.pubsub.PubSubCommands;
import dev.holdfast.engine.command.server.Debug;
import dev.holdfast.engine.command.server.LatencyCommands;
import dev.holdfast.engine.command.server.MonitorCommand;
import dev.holdfast.engine.command.server.ServerCommands;
import dev.holdfast.engine.command.server.Shutdown;
import dev.holdfast.engine.command.server.Waits;
import dev.holdfast.engine.config.Config;
import dev.holdfast.engine.config.Refused;
import dev.holdfast.engine.info.Info;
import dev.holdfast.engine.info.Rates;
import dev.holdfast.engine.info.ServerState;
import dev.holdfast.engine.keyspace.EvictionPolicy;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.loop.Loop;
import dev.holdfast.engine.memory.Slabs;
import dev.holdfast.engine.net.Bind;
import dev.holdfast.engine.net.Listener;
import dev.holdfast.engine.persistence.LoadException;
import dev.holdfast.engine.persistence.Persistence;
import dev.holdfast.engine.persistence.Persistence.SaveOnShutdown;
import dev.holdfast.engine.persistence.PersistencePaths;
import dev.holdfast.engine.persistence.PersistenceSettings;
import dev.holdfast.engine.protocol.BufferPool;
import dev.holdfast.engine.pubsub.Channels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A whole store server in one object: made of its parts, listening, loading, serving, ending.
 * {@link #start} has its agents scheduled, usually on threads of their own; several can live in one
 * process.
 */
public final class Engine implements AutoCloseable {
  private static final long LOAD_SLICE_NANOS = 5_000_000;
  private static final long CRON_NANOS = 100_000_000;
  private static final long END_AGAIN_NANOS = 1_000_000_000;

  private final Config config;
  private final Surroundings surroundings;
  private final CommandTable table = new CommandTable();
  private final ServerStats stats = new ServerStats();
  private final Slowlog slowlog = new Slowlog();
  private final Rates rates = new Rates();
  private final Password password = new Password();
  private final ClientSettings clientSettings = new ClientSettings();
  private final PersistenceSettings persistenceSettings = new PersistenceSettings();
  private final ServerState state;
  private final List<Scheduler.Turns> agents = new ArrayList<>();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();

  private final Keyspace keyspace;
  private final Clients clients;
  private final Channels channels;
  private final Listeners listeners;
  private final Persistence persistence;
  private final Keys keys;
  private final Executor executor;
  private final MaxMemory memory;
  private final Upkeep upkeep;
  private final Loop loop;
  private Scheduler.Turns commandThread;
  private boolean endAsked;
  private long endAgainAt = Long.MIN_VALUE;
  private String lastRefusal;

  private Engine(Config config, Surroundings surroundings) {
    this.config = config;
    this.surroundings = surroundings;
    var clock = surroundings.clock();
    this.state = new ServerState(clock);
    this.keyspace =
        new Keyspace(new Slabs(), (int) config.number("databases"), surroundings.hashSeed(), clock);
    var gate = new Gate();
    var pool = new BufferPool();
    this.clients = new Clients(clientSettings, gate, pool, clock);
    this.channels = new Channels(clients.pushes());
    var settings = new LiveSettings(config);
    settings.follow(clientSettings);
    settings.follow(persistenceSettings);
    this.persistence =
        new Persistence(
            new Persistence.Context(
                surroundings.storage(),
                clock,
                keyspace,
                new PersistencePaths(
                    Path.of(config.text("dir")),
                    config.text("appenddirname"),
                    config.text("appendfilename")),
                persistenceSettings,
                surroundings.log(),
                this::startAgent,
                this::wakeLoop,
                surroundings.scheduler()::rest));
    var watches = new Watches(keyspace);
    clients.onDisconnect(this::forget);
    this.keys = new Keys(keyspace, persistence.log(), gate, watches, stats, surroundings.random());
    keys.expireNothingWhile(this::writersWait);
    this.listeners = new Listeners(clients, channels);
    keys.tell(listeners);
    this.executor = new Executor(table, keys, persistence.log(), clock, stats, slowlog);
    this.memory =
        new MaxMemory(
            keyspace, keys, clients, this::writersWait, clock, stats, surroundings.random());
    this.upkeep = new Upkeep(keyspace, keys, this::writersWait, clock, stats);
    this.loop =
        new Loop(
            new Loop.Parts(
                surroundings.network(),
                clients,
                pool,
                executor,
                keyspace,
                persistence.log(),
                clock,
                surroundings.log()));
    follow(settings);
    registerCommands();
    executor.refuseWrites(persistence::writeRefusal);
    executor.refuseGrowth(persistence::growthRefusal);
    executor.limitMemory(memory);
    executor.onDirty(persistence::changed);
    executor.onFailure(surroundings.log()::failure);
    executor.guard(new Guards(config));
    executor.show(clients);
    executor.closeHttp(new CrossProtocol(surroundings.clock(), surroundings.log()::warning));
  }

  /**
   * Makes a server, listens, and begins to load on its own thread. Commands are answered at once,
   * most of them with {@code LOADING} until everything is loaded.
   *
   * @throws IOException when an address cannot be listened on
   */
  public static Engine start(Config config, Surroundings surroundings) throws IOException {
    var engine = new Engine(config, surroundings);
    engine.begin();
    return engine;
  }

  private void begin() throws IOException {
    for (Listener listener : listen((int) config.number("port"))) {
      loop.serve(listener);
    }
    state.listening();
    surroundings
        .log()
        .notice("Running mode=standalone, port=" + port() + ", dir=" + config.text("dir") + ".");
    List<String> idle = config.withoutEffect();
    if (!idle.isEmpty()) {
      surroundings
          .log()
          .warning(
              "These directives are accepted and have no effect in this server: "
                  + String.join(", ", idle)
                  + ".");
    }
    executor.loading(true);
    state.loading(true);
    loop.tasks().every(() -> CRON_NANOS, this::cron);
    loop.tasks().every(this::period, () -> upkeep.cron(period()));
    loop.tasks().step(upkeep);
    loop.tasks().step(new Step("persistence", this::persistenceStep));
    loop.tasks().step(new Step("load", this::loadStep));
    loop.tasks().step(new Step("broadcast", this::broadcastStep));
    loop.submit(this::beginLoad);
    commandThread = surroundings.scheduler().start(loop.waiting(), Duration.ZERO, this::failed);
  }

  private List<Listener> listen(int port) throws IOException {
    List<String> addresses = config.words("bind");
    return Bind.open(
        surroundings.network(),
        addresses.isEmpty() ? List.of("*", "-::*") : addresses,
        port,
        (int) config.number("tcp-backlog"),
        surroundings.log()::warning);
  }

  private Runnable startAgent(Agent agent) {
    var turns = surroundings.scheduler().start(agent, Duration.ofMillis(100), this::failed);
    agents.add(turns);
    return turns::wakeup;
  }

  /** The log writer may call before the loop is there. */
  private void wakeLoop() {
    if (loop != null) {
      loop.wakeup();
    }
  }

  private void failed(Throwable failure) {
    surroundings.log().failure("The server has to stop", failure);
    state.ending();
    ended.complete(1);
  }

  // Loading

  private void beginLoad() {
    try {
      persistence.beginLoad(config.yes("appendonly"), executor);
    } catch (LoadException e) {
      refuseToStart(e);
    }
  }

  private int loadStep() {
    if (!executor.isLoading() || state.isEnding()) {
      return 0;
    }
    try {
      boolean done = persistence.loadStep(LOAD_SLICE_NANOS);
      state.progress(persistence.info().loadingLoadedBytes());
      if (done) {
        executor.loading(false);
        state.loading(false);
        surroundings.log().notice("Ready to accept connections tcp");
      }
    } catch (LoadException e) {
      refuseToStart(e);
    }
    return 1;
  }

  private void refuseToStart(LoadException e) {
    surroundings.log().warning(e.getMessage());
    state.ending();
    ended.complete(1);
  }

  // Work between commands

  private long period() {
    return 1_000_000_000L / Math.clamp(config.number("hz"), 1, 500);
  }

  private int persistenceStep() {
    int work = persistence.doWork();
    boolean snapshotRuns = persistence.isSnapshotRunning();
    if (loop.stats().snapshotRuns(snapshotRuns)) {
      surroundings.scheduler().urgent(snapshotRuns);
    }
    return work;
  }

  private int broadcastStep() {
    return listeners.tracking().broadcast(persistence.log().appendedOffset()) ? 1 : 0;
  }

  private void cron() {
    state.beat();
    rates.sample(
        surroundings.clock().monotonicNanos(),
        stats.commands,
        loop.stats().inputBytes,
        loop.stats().outputBytes);
    memory.peak();
    if (!executor.isLoading()) {
      persistence.cron();
      memory.makeRoom();
    }
    endAsAsked();
  }

  /**
   * Clients cannot write now, because of a pause, a slow disk or one that fails, so the server does
   * not either.
   */
  private boolean writersWait() {
    var log = persistence.log();
    return clients.paused() != Clients.Pause.NONE
        || log.parkWriters()
        || log.failureOfHeld() != null;
  }

  // Configuration

  private void follow(LiveSettings settings) {
    settings.number("slowlog-log-slower-than", slowlog::threshold);
    settings.number("slowlog-max-len", slowlog::capacity);
    settings.number("latency-monitor-threshold", persistence.latency()::threshold);
    config.applyAndFollow("notify-keyspace-events", listeners::notifications);
    settings.number("tracking-table-max-keys", listeners.tracking()::limit);
    settings.number("proto-max-bulk-len", executor::longestString);
    settings.flag("activerehashing", upkeep::rehashing);
    config.applyAndFollow("loglevel", value -> surroundings.log().level(Log.Level.of(value)));
    config.applyAndFollow(
        "requirepass",
        value -> {
          password.set(value);
          clientSettings.passwordRequired = password.isSet();
        });
    if (!surroundings.password().isEmpty()) {
      password.set(surroundings.password());
      clientSettings.passwordRequired = true;
    }
    for (String name :
        List.of(
            "maxmemory",
            "maxmemory-policy",
            "maxmemory-samples",
            "lfu-decay-time",
            "lfu-log-factor")) {
      config.applyAndFollow(name, value -> followMemory());
    }
    config.onChange("appendonly", this::switchAppendOnly);
    config.onChange("port", this::movePort);
    config.onChange("bind", value -> movePort(config.text("port")));
    config.onChange(
        "dir",
        value -> {
          throw new Refused("the data directory cannot be changed while the server runs");
        });
  }

  private void followMemory() {
    var policy = policy(config.text("maxmemory-policy"));
    int decay = (int) config.number("lfu-decay-time");
    memory.configure(
        config.number("maxmemory"), policy, (int) config.number("maxmemory-samples"), decay);
    keys.trackAccess(policy.isLfu(), decay, (int) config.number("lfu-log-factor"));
  }

  private static EvictionPolicy policy(String word) {
    for (EvictionPolicy policy : EvictionPolicy.values()) {
      if (policy.word().equals(word)) {
        return policy;
      }
    }
    throw new IllegalArgumentException("no eviction policy " + word);
  }

  private void switchAppendOnly(String value) throws Refused {
    String error = persistence.appendOnly(value.equals("yes"));
    if (error != null) {
      throw new Refused(error);
    }
  }

  private void movePort(String port) throws Refused {
    var old = List.copyOf(loop.listeners());
    try {
      var opened = listen(Integer.parseInt(port));
      old.forEach(loop::stopServing);
      opened.forEach(loop::serve);
    } catch (IOException e) {
      throw new Refused("Unable to listen on this port. Check server logs.");
    }
  }

  // Commands

  private void registerCommands() {
    var clock = surroundings.clock();
    var log = persistence.log();
    DataCommands.register(
        table, executor, surroundings.random(), password, this::forget, this::flushed);
    ClientCommands.register(table, clients, listeners.tracking(), clock);
    ServerCommands.register(
        table,
        slowlog,
        new Waits(clients, log, clock, persistence::appendOnly),
        new Shutdown(this::end, executor),
        new Debug(
            clock,
            log,
            upkeep::activeExpiry,
            new Reloads(persistence, keyspace, executor),
            state::newReplicationId));
    MonitorCommand.register(table);
    PubSubCommands.register(table, channels);
    PersistenceCommands.register(table, persistence);
    LatencyCommands.register(table, persistence.latency(), clock);
    CommandCommand.register(table);
    ConfigCommands.register(
        table,
        config,
        client -> Guards.allowed(config.text("enable-protected-configs"), client),
        this::rewriteConfig,
        this::resetStatistics);
    InfoCommand.register(table, info()::text);
  }

  private Info info() {
    return new Info(
        new Info.Sources(
            config,
            clients,
            loop,
            stats,
            rates,
            persistence,
            keyspace,
            table,
            channels,
            listeners.tracking(),
            surroundings.clock(),
            state,
            memory::used,
            memory::peak,
            surroundings.runId(),
            surroundings.network().name(),
            surroundings.configFile()));
  }

  /** A client is gone, or as new. */
  private void forget(Client client) {
    keys.watches().unwatch(client);
    channels.forget(client);
    listeners.tracking().end(client);
  }

  private void flushed() {
    if (!executor.isLoading()) {
      persistence.flushed();
    }
  }

  private String rewriteConfig() {
    if (surroundings.configFile() == null) {
      return "ERR The server is running without a config file";
    }
    try {
      String path = surroundings.configFile();
      surroundings.files().replace(path, config.rewritten(surroundings.files().read(path)));
      surroundings.log().notice("CONFIG REWRITE executed with success.");
      return null;
    } catch (IOException e) {
      surroundings.log().warning("CONFIG REWRITE failed: " + e.getMessage());
      return "ERR Rewriting config file: " + e.getMessage();
    }
  }

  private void resetStatistics() {
    stats.reset();
    loop.stats().reset();
    table.everything().forEach(command -> command.stats().reset());
  }

  // End

  /**
   * Ends on the command thread; null, or why not. A log that is closed without its last sync ends
   * the server too, because it cannot go on without one.
   */
  private String end(SaveOnShutdown save, boolean force) {
    if (state.isEnding()) {
      return null;
    }
    var log = surroundings.log();
    String failure = null;
    if (executor.isLoading()) {
      log.notice("The server is loading: it ends now and changes nothing.");
      persistence.abandonLoad();
    } else {
      boolean logged = persistence.appendOnly();
      failure = force ? null : persistence.notWhole();
      if (failure == null) {
        log.notice("User requested shutdown...");
        failure = save(save, force);
      }
      if (failure != null && !force && logged == persistence.appendOnly()) {
        return failure;
      }
    }
    log.notice("Holdfast is now ready to exit, bye bye...");
    state.ending();
    executor.stop();
    ended.complete(failure == null ? 0 : 1);
    return null;
  }

  private String save(SaveOnShutdown save, boolean force) {
    String failure = persistence.shutdown(save);
    if (failure == null) {
      return null;
    }
    surroundings.log().warning("Errors while ending: " + failure);
    return force && save != SaveOnShutdown.NO_SAVE
        ? persistence.shutdown(SaveOnShutdown.NO_SAVE)
        : failure;
  }

  /**
   * Asks for the end from any thread: flush, sync, save if there are save points. When that does
   * not work, it is tried again until it does.
   */
  public void requestEnd() {
    loop.submit(() -> endAsked = true);
    loop.submit(this::endAsAsked);
  }

  private void endAsAsked() {
    long now = surroundings.clock().monotonicNanos();
    if (!endAsked || state.isEnding() || endAgainAt > now) {
      return;
    }
    endAgainAt = now + END_AGAIN_NANOS;
    String refusal = end(SaveOnShutdown.IF_CONFIGURED, false);
    if (refusal != null && !refusal.equals(lastRefusal)) {
      surroundings.log().warning("The server does not end yet, it tries again: " + refusal);
    }
    lastRefusal = refusal;
  }

  /** Completes with the exit code when the server has ended, or has to. */
  public CompletableFuture<Integer> ended() {
    return ended;
  }

  /** The port that it listens on. */
  public int port() {
    return loop.listeners().isEmpty() ? 0 : loop.listeners().getFirst().port();
  }

  /** What probes ask. */
  public ServerState state() {
    return state;
  }

  Persistence persistence() {
    return persistence;
  }

  /** Whether the command thread runs. */
  boolean isAlive() {
    return commandThread != null && commandThread.isAlive();
  }

  /** The password of user {@code default}. */
  public Password password() {
    return password;
  }

  /** Runs something on the command thread, soon. */
  public void submit(Runnable action) {
    loop.submit(action);
  }

  /** Ends as SIGTERM does, and gives back threads, sockets and memory. */
  @Override
  public void close() {
    if (isAlive() && !ended.isDone()) {
      requestEnd();
      ended.join();
    }
    if (commandThread != null) {
      commandThread.close();
    }
    agents.forEach(Scheduler.Turns::close);
    surroundings.network().close();
    keyspace.close();
  }

  /** A piece of work per iteration of the loop. */
  private record Step(String roleName, java.util.function.IntSupplier work) implements Agent {
    @Override
    public int doWork() {
      return work.getAsInt();
    }
  }

  /** For messages about a client that is to be named. */
  static boolean isLocal(Client client) {
    return client.address().startsWith("127.")
        || client.address().startsWith("[::1]")
        || client.address().startsWith("/");
  }
}
