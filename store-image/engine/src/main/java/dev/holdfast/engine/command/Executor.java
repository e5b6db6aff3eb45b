package dev.holdfast.engine.command;

import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.ClientClass;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.Monitors;
import dev.holdfast.engine.client.Pushes;
import dev.holdfast.engine.client.TransactionState;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.loop.CommandExecutor;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.protocol.Args;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Takes a command from its words to its reply and its effects in the log: looks it up, asks
 * everything that can refuse it in the order of the field's servers, queues it inside a
 * transaction, calls its handler, and counts.
 *
 * <p>Owned by the command thread. While the log is loaded the same executor replays it, with a
 * client that has no connection.
 */
public final class Executor implements CommandExecutor {
  private static final String LOADING = "LOADING Redis is loading the dataset in memory";
  private static final String NOAUTH = "NOAUTH Authentication required.";
  private static final String OUT_OF_MEMORY =
      "OOM command not allowed when used memory > 'maxmemory'.";
  private static final int LONGEST_SHOWN = 128;
  private static final long WALL_CLOCK_NANOS = 1_000_000;

  private final CommandTable table;
  private final Keys keys;
  private final EffectLog log;
  private final Clock clock;
  private final ServerStats stats;
  private final Slowlog slowlog;
  private final Call outer;
  private final Call inner;
  private final Call replayed;
  private final Call replayedInner;
  private final Args queued = new Args();
  private Supplier<String> writeRefusal = () -> null;
  private Supplier<String> growthRefusal = () -> null;
  private MemoryLimit memoryLimit = () -> true;
  private LongConsumer onDirty = n -> {};
  private BiConsumer<String, Throwable> onFailure = (what, failure) -> {};
  private Guard guard = (client, command) -> null;
  private Pushes pushes = Pushes.none();
  private Monitors monitors = new Monitors(pushes);
  private CrossProtocol http;
  private boolean loading;
  private boolean stopped;

  /**
   * Errors of the client's reply that are in the statistics already: those of queued commands are
   * not EXEC's own.
   */
  private long errorsCounted;

  private long wallMillis;
  private boolean batched;
  private long ended;
  private long wallReadAt;

  /** Makes room when memory is short. */
  @FunctionalInterface
  public interface MemoryLimit {
    /** False when more memory is in use than allowed, and nothing more can be evicted. */
    boolean makeRoom();
  }

  /** What else can refuse a command: null, or the error reply. */
  @FunctionalInterface
  public interface Guard {
    String refusal(Client client, Command command);
  }

  public Executor(
      CommandTable table,
      Keys keys,
      EffectLog log,
      Clock clock,
      ServerStats stats,
      Slowlog slowlog) {
    this.table = table;
    this.keys = keys;
    this.log = log;
    this.clock = clock;
    this.stats = stats;
    this.slowlog = slowlog;
    this.outer = new Call(keys, log, stats);
    this.inner = new Call(keys, log, stats);
    this.replayed = new Call(keys, log, stats);
    this.replayedInner = new Call(keys, log, stats);
    this.wallReadAt = clock.monotonicNanos() - 2 * WALL_CLOCK_NANOS;
  }

  /** Asked before each write: null, or the MISCONF error. */
  public void refuseWrites(Supplier<String> refusal) {
    writeRefusal = refusal;
  }

  /** Asked before each write that may need room: null, or the MISCONF error. */
  public void refuseGrowth(Supplier<String> refusal) {
    growthRefusal = refusal;
  }

  public void limitMemory(MemoryLimit limit) {
    memoryLimit = limit;
  }

  public void guard(Guard guard) {
    this.guard = guard;
  }

  /** Who sees each command that is executed, and what else commands of others cause. */
  public void show(Clients clients) {
    monitors = clients.monitors();
    pushes = clients.pushes();
  }

  /** Hears how many changes each command made. */
  public void onDirty(LongConsumer listener) {
    onDirty = listener;
  }

  /**
   * While the dataset is loaded, only few commands are served, and nothing that is executed is
   * logged again.
   */
  public void loading(boolean on) {
    loading = on;
    keys.loading(on, clock.wallMillis());
  }

  /** Closes clients that speak HTTP. */
  public void closeHttp(CrossProtocol known) {
    http = known;
  }

  /** Hears of mistakes in the code of commands. */
  public void onFailure(BiConsumer<String, Throwable> listener) {
    onFailure = listener;
  }

  public boolean isLoading() {
    return loading;
  }

  public void longestString(long bytes) {
    outer.longestString(bytes);
    inner.longestString(bytes);
    replayed.longestString(bytes);
    replayedInner.longestString(bytes);
  }

  /** Milliseconds since 1970, read from the clock at most once a millisecond. */
  private long now(long nanos) {
    if (nanos - wallReadAt > WALL_CLOCK_NANOS) {
      wallReadAt = nanos;
      wallMillis = clock.wallMillis();
    }
    return wallMillis;
  }

  @Override
  public int firstKey(Args args) {
    Command command = table.find(args.address(0), args.length(0));
    if (command == null) {
      return -1;
    }
    args.found(command);
    int first = command.firstKey();
    return first < args.count() ? first : -1;
  }

  @Override
  public boolean writes(Client client, Args args) {
    return any(client, args, command -> command.is(Flag.WRITE));
  }

  @Override
  public boolean waitsForPausedWriters(Client client, Args args) {
    return any(client, args, Executor::changesData);
  }

  /** Whether it holds for the command, or for one that it would run. */
  private boolean any(Client client, Args args, Predicate<Command> condition) {
    Command command = table.find(args.address(0), args.length(0));
    if (command == null) {
      return false;
    }
    return command.name().equals("exec")
        ? any(client.transaction(), condition)
        : condition.test(command);
  }

  private static boolean any(TransactionState transaction, Predicate<Command> condition) {
    for (int i = 0; i < transaction.size(); i++) {
      if (condition.test((Command) transaction.attachment(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean changesData(Command command) {
    return command.is(Flag.WRITE) || command.is(Flag.MAY_REPLICATE);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The JVM is told not to inline this ({@code jvm.options}): around it are loops that would be
   * compiled again and again with all of a command in them, which took a tenth of a large load.
   */
  @Override
  public void beginBatch() {
    batched = false;
  }

  @Override
  public void execute(Client client, Args args) {
    if (loading && !client.isConnected()) {
      replay(client, args);
      return;
    }
    serve(client, args);
    if (pushes.waiting()) {
      pushes.end(client);
    }
    if (client.tracking() != null && !client.transaction().isOpen() && !args.is(0, "CLIENT")) {
      client.tracking().caching = false;
    }
  }

  private void serve(Client client, Args args) {
    if (stopped) {
      client.closeAfterReplies();
      return;
    }
    Command command = find(args);
    if (command == null && http != null && http.closes(client, args)) {
      return;
    }
    String refusal = command == null ? unknown(args) : refusal(client, command, args);
    if (refusal != null) {
      refuse(client, command, refusal);
      return;
    }
    client.lastCommand = command.name();
    if (client.transaction().isOpen() && !runsInsideMulti(command)) {
      client.transaction().queue(args, command);
      client.reply().status("QUEUED");
      return;
    }
    long start = batched ? ended : clock.monotonicNanos();
    keys.begin();
    run(outer, client, command, args, now(start), false, start);
    batched = true;
    finish(client);
  }

  /** A command from the log: nothing but its code is asked, and nothing is logged or counted. */
  private void replay(Client client, Args args) {
    Command command = find(args);
    String wrong =
        command == null
            ? unknown(args)
            : command.accepts(args.count()) && command.handler() != null
                ? null
                : wrongCount(command);
    if (wrong != null) {
      client.reply().error(wrong);
      return;
    }
    if (client.transaction().isOpen() && !runsInsideMulti(command)) {
      client.transaction().queue(args, command);
      return;
    }
    if (args.count() == 3 && command.name().equals("set") && keys.storeLoaded(client.db, args)) {
      return;
    }
    replay(replayed, client, command, args);
  }

  private void replay(Call call, Client client, Command command, Args args) {
    call.begin(client, command, args, now(clock.monotonicNanos()), call == replayedInner);
    try {
      command.handler().call(call);
    } catch (Fault fault) {
      client.reply().error(fault.getMessage());
    }
  }

  /** Executes nothing more: whoever sends something is closed. */
  public void stop() {
    stopped = true;
  }

  private static String wrongCount(Command command) {
    return "ERR wrong number of arguments for '" + command.name() + "' command";
  }

  private void refuse(Client client, Command command, String refusal) {
    boolean exec = command != null && command.name().equals("exec");
    String why = refusal.startsWith("ERR ") ? refusal.substring(4) : refusal;
    String reply = exec ? "EXECABORT Transaction discarded because of: " + why : refusal;
    client.reply().error(reply);
    stats.error(reply);
    if (command != null) {
      command.stats().refused();
    }
    if (exec) {
      discard(client);
    } else if (client.transaction().isOpen()) {
      client.transaction().abort();
    }
  }

  /** The offset of what was changed is known now: who depends on it waits for it. */
  private void finish(Client client) {
    if (keys.end()) {
      client.lastWriteOffset = log.appendedOffset();
      client.holdUntil(client.lastWriteOffset);
    }
  }

  private void run(
      Call call,
      Client client,
      Command command,
      Args args,
      long now,
      boolean inTransaction,
      long start) {
    errorsCounted = client.reply().errors();
    call.begin(client, command, args, now, inTransaction);
    try {
      command.handler().call(call);
    } catch (Fault fault) {
      client.reply().error(fault.getMessage());
    } catch (RuntimeException e) {
      failed(client, command, e);
    } catch (OutOfMemoryError e) {
      outOfMemory(call, e);
    }
    if (call.dirty() > 0) {
      if (!call.logsItself()) {
        log.append(call.database().id(), args);
      }
      onDirty.accept(call.dirty());
    }
    if (client.tracking() != null && command.is(Flag.READONLY)) {
      keys.listeners().read(client, command, args);
    }
    if (monitors.any() && !command.is(Flag.ADMIN) && !command.is(Flag.SKIP_MONITOR)) {
      show(client, command, args);
    }
    long end = clock.monotonicNanos();
    ended = end;
    stats.commands++;
    boolean failed = client.reply().errors() != errorsCounted;
    if (failed) {
      errorsCounted = client.reply().errors();
      stats.error(client.reply().lastError());
    }
    command.stats().ran(end - start, failed);
    if (slowlog.isSlow(end - start) && !command.is(Flag.SKIP_SLOWLOG)) {
      slowlog.add(client, command, args, end - start, clock.wallMillis());
    }
  }

  private void show(Client client, Command command, Args args) {
    var line = monitors.begin(client, clock.wallMicros());
    for (int i = 0; i < args.count(); i++) {
      if (Secrets.hides(command, args, i)) {
        line.redacted();
      } else {
        line.word(args.address(i), args.length(i));
      }
    }
    line.end();
  }

  /**
   * A mistake of ours. What only reads cannot have done harm: the client is told and closed. A
   * write may have left memory and log different, so the server stops and comes back from the log.
   */
  private void failed(Client client, Command command, RuntimeException e) {
    if (command.is(Flag.WRITE)) {
      throw e;
    }
    onFailure.accept("Command " + command.name() + " failed", e);
    client.reply().error("ERR internal error, see the server's log: " + e);
    client.closeAfterReplies();
  }

  /**
   * Room is asked for before anything is changed, so a call that did not get it can be refused as
   * if it had not begun.
   */
  private static void outOfMemory(Call call, OutOfMemoryError e) {
    if (call.dirty() > 0) {
      throw e;
    }
    call.reply().error("OOM " + e.getMessage());
  }

  /** Executes the commands that {@code MULTI} queued; called by {@code EXEC}. */
  public void runQueued(Client client, long now) {
    TransactionState transaction = client.transaction();
    int count = transaction.size();
    client.reply().array(count);
    if (!client.isConnected()) {
      for (int i = 0; i < count; i++) {
        transaction.load(i, queued);
        replay(replayedInner, client, (Command) transaction.attachment(i), queued);
      }
      return;
    }
    log.begin();
    for (int i = 0; i < count; i++) {
      transaction.load(i, queued);
      run(
          inner,
          client,
          (Command) transaction.attachment(i),
          queued,
          now,
          true,
          clock.monotonicNanos());
    }
    log.end();
  }

  /** Also without a transaction: what was watched is forgotten. */
  private void discard(Client client) {
    client.transaction().close();
    keys.watches().unwatch(client);
  }

  private Command find(Args args) {
    Command command =
        args.command() instanceof Command found
            ? found
            : table.find(args.address(0), args.length(0));
    if (command == null || command.subcommands().isEmpty() || args.count() < 2) {
      return command;
    }
    for (Command sub : command.subcommands()) {
      String name = sub.upperShortName();
      if (args.is(1, name)) {
        return sub;
      }
    }
    return null;
  }

  private String refusal(Client client, Command command, Args args) {
    if (!command.accepts(args.count()) || command.handler() == null) {
      return wrongCount(command);
    }
    if (!client.authenticated && !command.is(Flag.NO_AUTH)) {
      return NOAUTH;
    }
    TransactionState transaction = client.transaction();
    if (transaction.isOpen() && command.is(Flag.NO_MULTI)) {
      return "ERR Command not allowed inside a transaction";
    }
    String guarded = guard.refusal(client, command);
    if (guarded != null) {
      return guarded;
    }
    boolean exec = command.name().equals("exec");
    if (!memoryLimit.makeRoom() && needsMemory(transaction, command, exec)) {
      return OUT_OF_MEMORY;
    }
    if (command.is(Flag.WRITE)
        || command.name().equals("ping")
        || (exec && any(transaction, c -> c.is(Flag.WRITE)))) {
      String refused = writeRefusal.get();
      if (refused != null) {
        return refused;
      }
      boolean grows = exec ? needsMemory(transaction, command, true) : command.is(Flag.DENYOOM);
      if (grows && (refused = growthRefusal.get()) != null) {
        return refused;
      }
    }
    if (client.type == ClientClass.PUBSUB
        && client.reply().protocol() == 2
        && !command.is(Flag.WHILE_SUBSCRIBED)) {
      return "ERR Can't execute '"
          + command.name()
          + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";
    }
    if (loading && !command.is(Flag.LOADING)) {
      return LOADING;
    }
    if (client.isMonitor() && (command.is(Flag.READONLY) || changesData(command))) {
      return "ERR Replica can't interact with the keyspace";
    }
    return null;
  }

  private static boolean needsMemory(TransactionState transaction, Command command, boolean exec) {
    if (exec) {
      return any(transaction, c -> c.is(Flag.DENYOOM));
    }
    return command.is(Flag.DENYOOM) || (transaction.isOpen() && !runsInsideMulti(command));
  }

  private static boolean runsInsideMulti(Command command) {
    return switch (command.name()) {
      case "exec", "discard", "multi", "watch", "quit", "reset" -> true;
      default -> false;
    };
  }

  private String unknown(Args args) {
    Command container = table.find(args.address(0), args.length(0));
    if (container != null) {
      return "ERR unknown subcommand '"
          + shown(args, 1, LONGEST_SHOWN)
          + "'. Try "
          + container.name().toUpperCase(java.util.Locale.ROOT)
          + " HELP.";
    }
    var text =
        new StringBuilder(
            "ERR unknown command '"
                + shown(args, 0, LONGEST_SHOWN)
                + "', with args beginning with: ");
    int start = text.length();
    for (int i = 1; i < args.count() && text.length() - start < LONGEST_SHOWN; i++) {
      String word = shown(args, i, LONGEST_SHOWN - (text.length() - start));
      text.append('\'').append(word).append("' ");
    }
    return text.toString();
  }

  private static String shown(Args args, int i, int most) {
    String text = Memory.ascii(args.address(i), Math.min(args.length(i), most));
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }
}
