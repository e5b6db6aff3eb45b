package dev.holdfast.engine.loop;

import dev.holdfast.engine.agent.Agent;
import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.client.ClientLog;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.net.Connection;
import dev.holdfast.engine.net.Listener;
import dev.holdfast.engine.net.Network;
import dev.holdfast.engine.net.Poller;
import dev.holdfast.engine.protocol.BufferPool;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The command thread. One iteration: read and execute what every ready socket brought, do the tasks
 * that are due, hand the log over, let go of replies whose effects are safe, and only then send,
 * one call per client: so one sync and one wake-up of a peer serve as many commands as possible.
 *
 * <p>{@link #doWork()} never waits, so a test can drive it. {@link #waiting()} is the same for a
 * thread of its own: with nothing to do it looks a few times more, which is cheaper than the sleep
 * and wake-up that a request and its reply would cost otherwise, and then waits in the poller.
 */
public final class Loop implements Agent {
  /** What a loop is made of. */
  public record Parts(
      Network network,
      Clients clients,
      BufferPool pool,
      CommandExecutor executor,
      Keyspace keyspace,
      EffectLog log,
      Clock clock,
      ClientLog events) {}

  private static final int LOOKS_BEFORE_WAIT = 50;

  /** A parked writer looks again after so long at the latest. */
  private static final long PARKED_LOOK_NANOS = 5_000_000;

  private static final long CLIENT_CHECK_NANOS = 100_000_000;

  private final Poller poller;
  private final Clients clients;
  private final EffectLog log;
  private final Clock clock;
  private final Tasks tasks = new Tasks();
  private final LoopStats stats = new LoopStats();
  private final Sessions sessions;
  private final Sender sender;
  private final Receiver receiver;
  private final Acceptor acceptor;
  private final ClientCheck check;

  private final Queue<Runnable> submitted = new ConcurrentLinkedQueue<>();
  private volatile boolean sleeping;
  private volatile boolean woken;
  private int idle;

  public Loop(Parts parts) {
    this.poller = parts.network.poller();
    this.clients = parts.clients;
    this.log = parts.log;
    this.clock = parts.clock;
    this.sessions = new Sessions(clients);
    this.sender = new Sender(sessions, stats, parts.events);
    this.receiver = new Receiver(parts, sessions, stats);
    this.acceptor = new Acceptor(parts, sessions, stats);
    this.check = new ClientCheck(clients, stats, parts.events);
    tasks.every(() -> CLIENT_CHECK_NANOS, this::checkClients);
  }

  /** Where other parts put their work on the command thread. */
  public Tasks tasks() {
    return tasks;
  }

  public LoopStats stats() {
    return stats;
  }

  /** Serves connections that come in here. */
  public void serve(Listener listener) {
    acceptor.add(listener);
  }

  /** Closes the listener; its connections go on. */
  public void stopServing(Listener listener) {
    acceptor.remove(listener);
  }

  public List<Listener> listeners() {
    return acceptor.listeners();
  }

  /** Runs {@code action} on the command thread, soon. From any thread. */
  public void submit(Runnable action) {
    submitted.add(action);
    wakeup();
  }

  /** Ends the wait that is under way, or the next one: something changed. From any thread. */
  public void wakeup() {
    woken = true;
    if (sleeping) {
      poller.wakeup();
    }
  }

  @Override
  public int doWork() {
    return iterate(poller.poll(0));
  }

  /** The same loop for a thread of its own: waits when there is nothing to do. */
  public Agent waiting() {
    return new Agent() {
      @Override
      public int doWork() {
        return workOrWait();
      }

      @Override
      public String roleName() {
        return Loop.this.roleName();
      }

      @Override
      public void onClose() {
        Loop.this.onClose();
      }
    };
  }

  private int workOrWait() {
    int done = doWork();
    if (done > 0) {
      idle = 0;
      return done;
    }
    // While another thread syncs, it needs this processor more than a look that finds nothing.
    if (!log.syncs() && ++idle < LOOKS_BEFORE_WAIT) {
      return 0;
    }
    sleeping = true;
    // A wake-up before this point has set the flag, one after it sees that we sleep.
    long wait = woken ? 0 : nanosToWait();
    int ready = poller.poll(wait);
    sleeping = false;
    woken = false;
    return iterate(ready);
  }

  private long nanosToWait() {
    if (log.gathers()) {
      return 0;
    }
    long now = clock.monotonicNanos();
    long wait = tasks.nanosUntilDue(now);
    long deadline = clients.nextDeadlineNanos();
    if (deadline != Long.MAX_VALUE) {
      wait = Math.min(wait, Math.max(0, deadline - now));
    }
    if (sessions.postponedCount() > 0) {
      wait = Math.min(wait, PARKED_LOOK_NANOS);
    }
    return wait;
  }

  private int iterate(int ready) {
    long now = clock.monotonicNanos();
    int done = 0;
    for (int i = 0; i < ready; i++) {
      done += serveReady(i, now);
    }
    done += runSubmitted();
    done += resume(now);
    done += tasks.run(now);
    log.endOfIteration();
    release();
    done += clients.finishBlocked();
    done += sender.sendAll(now);
    stats.iterations++;
    if (done > 0) {
      stats.busy(clock.monotonicNanos() - now);
    }
    return done;
  }

  private int serveReady(int i, long now) {
    switch (poller.ready(i)) {
      case null -> {
        return 0;
      }
      case Listener listener -> acceptor.accept(listener);
      case Connection connection -> {
        var session = (Session) connection.attachment();
        if (poller.readable(i) && !session.inputEnded) {
          receiver.receive(session, now);
        }
        if (session.open && session.wantsWritable && poller.writable(i)) {
          sender.send(session, now);
        }
      }
      default -> throw new IllegalStateException("unknown socket " + poller.ready(i));
    }
    return 1;
  }

  private int runSubmitted() {
    int count = 0;
    Runnable action;
    while (count < 1000 && (action = submitted.poll()) != null) {
      action.run();
      count++;
    }
    return count;
  }

  /** Goes on with clients that were blocked, paused or parked. */
  private int resume(long now) {
    if (sessions.postponedCount() > 0
        && clients.paused() == Clients.Pause.NONE
        && !log.parkWriters()) {
      sessions.resumePostponed();
    }
    var resuming = sessions.takeResuming();
    int count = resuming.size();
    for (int i = 0; i < count; i++) {
      var session = resuming.get(i);
      session.waitsToResume = false;
      receiver.resume(session, now);
    }
    return count;
  }

  private void release() {
    var gate = clients.gate();
    gate.release(log.releasedOffset());
    String failure = log.failureOfHeld();
    if (failure != null) {
      gate.fail(failure);
    }
  }

  private void checkClients() {
    acceptor.retry();
    check.run(clock.monotonicNanos());
  }

  @Override
  public String roleName() {
    return "command";
  }

  /** Closes all connections and listeners. */
  @Override
  public void onClose() {
    acceptor.close();
    clients.forEach(clients::kill);
    receiver.close();
    sender.close();
  }
}
