package dev.holdfast.operator.store.observe;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Looks at every store again and again, each on a virtual thread of its own, so that stores that
 * hang delay nobody. What was found is kept; when it differs from what was found before, the
 * listener is told, and only then.
 *
 * <p>A server that answered and then fails once is asked again before it counts as down, so that
 * one lost packet is no outage.
 */
public final class StorePolls implements AutoCloseable {

  private final Function<PollTarget, ServerFacts> probe;
  private final Duration busy;
  private final Duration idle;
  private final RandomGenerator random;
  private final Map<ResourceID, Agent> agents = new ConcurrentHashMap<>();
  private volatile Consumer<ResourceID> changed = store -> {};

  /**
   * @param busy pause between two looks while something is under way
   * @param idle pause between two looks otherwise; both are spread by a tenth
   */
  public StorePolls(
      Function<PollTarget, ServerFacts> probe,
      Duration busy,
      Duration idle,
      RandomGenerator random) {
    this.probe = probe;
    this.busy = busy;
    this.idle = idle;
    this.random = random;
  }

  /** Who is told that a store's facts have changed. */
  public void onChange(Consumer<ResourceID> listener) {
    changed = listener;
  }

  /** Looks at a store from now on, at once if the target is new. */
  public void watch(ResourceID store, PollTarget target, boolean underWay) {
    agents.computeIfAbsent(store, key -> Agent.started(this, key)).aim(target, underWay);
  }

  /** Looks at a store no longer. */
  public void forget(ResourceID store) {
    var agent = agents.remove(store);
    if (agent != null) {
      agent.end();
    }
  }

  /**
   * Looks at a store at once.
   *
   * @return done when a look that began after this call is over
   */
  public CompletableFuture<Void> pollNow(ResourceID store) {
    var agent = agents.get(store);
    return agent == null ? CompletableFuture.completedFuture(null) : agent.wake();
  }

  /** What was found last in that pod; empty before the first look. */
  public Optional<ServerFacts> facts(ResourceID store, String podUid) {
    var agent = agents.get(store);
    return agent == null
        ? Optional.empty()
        : Optional.ofNullable(agent.found).filter(facts -> facts.podUid().equals(podUid));
  }

  @Override
  public void close() {
    agents.keySet().forEach(this::forget);
  }

  /**
   * One store's loop. The lock guards the target and the wish to look; looking happens outside it.
   */
  private final class Agent implements Runnable {
    private final ResourceID store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition due = lock.newCondition();
    private PollTarget target;
    private Duration pause = busy;
    private boolean now;
    private boolean over;
    private boolean failedOnce;
    private CompletableFuture<Void> nextLook = new CompletableFuture<>();
    private CompletableFuture<Void> thisLook = nextLook;
    private volatile ServerFacts found;

    private Agent(ResourceID store) {
      this.store = store;
    }

    private static Agent started(StorePolls polls, ResourceID store) {
      var agent = polls.new Agent(store);
      Thread.ofVirtual().name("poll " + store).start(agent);
      return agent;
    }

    private void aim(PollTarget next, boolean underWay) {
      lock.lock();
      try {
        if (!next.equals(target)) {
          target = next;
          now = true;
        }
        pause = underWay ? busy : idle;
        due.signal();
      } finally {
        lock.unlock();
      }
    }

    private CompletableFuture<Void> wake() {
      lock.lock();
      try {
        now = true;
        due.signal();
        return over ? CompletableFuture.completedFuture(null) : nextLook;
      } finally {
        lock.unlock();
      }
    }

    private void end() {
      lock.lock();
      try {
        over = true;
        nextLook.complete(null);
        due.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void run() {
      var last = System.nanoTime();
      for (var next = await(last); next != null; next = await(last)) {
        var facts = probe.apply(next);
        last = System.nanoTime();
        if (!countsAsLost(facts) && !Objects.equals(facts, found)) {
          found = facts;
          thisLook.complete(null);
          changed.accept(store);
        }
        thisLook.complete(null);
      }
    }

    private boolean countsAsLost(ServerFacts facts) {
      var wasUp =
          found != null && found.podUid().equals(facts.podUid()) && found.info().isPresent();
      failedOnce = !failedOnce && wasUp && facts.info().isEmpty() && !parked(facts);
      return failedOnce;
    }

    private static boolean parked(ServerFacts facts) {
      return facts.check().map(CheckReport::parked).orElse(false);
    }

    /** The target to look at, when it is time; null when it is over. */
    private PollTarget await(long last) {
      lock.lock();
      try {
        while (!over) {
          var left = last + spread(failedOnce ? busy : pause) - System.nanoTime();
          if (target != null && (now || left <= 0)) {
            now = false;
            thisLook = nextLook;
            nextLook = new CompletableFuture<>();
            return target;
          }
          due.await(target == null ? Long.MAX_VALUE : left, TimeUnit.NANOSECONDS);
        }
        return null;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      } finally {
        lock.unlock();
      }
    }

    private long spread(Duration pause) {
      return (long) (pause.toNanos() * (0.9 + 0.2 * random.nextDouble()));
    }
  }
}
