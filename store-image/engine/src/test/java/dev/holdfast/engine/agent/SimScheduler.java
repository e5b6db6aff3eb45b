package dev.holdfast.engine.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** All agents on one thread, in an order that the caller's random numbers decide. */
public final class SimScheduler implements Scheduler {
  private final List<Turn> turns = new ArrayList<>();
  private Turn current;

  private final class Turn implements Turns {
    private final Agent agent;
    private final boolean waitsByItself;
    private final Consumer<Throwable> onFailure;
    private boolean working;
    private boolean alive = true;

    Turn(Agent agent, boolean waitsByItself, Consumer<Throwable> onFailure) {
      this.agent = agent;
      this.waitsByItself = waitsByItself;
      this.onFailure = onFailure;
    }

    void step() {
      if (working || !alive) {
        return;
      }
      var before = current;
      current = this;
      working = true;
      try {
        agent.doWork();
      } catch (RuntimeException e) {
        close();
        onFailure.accept(e);
      } finally {
        working = false;
        current = before;
      }
    }

    @Override
    public void wakeup() {}

    @Override
    public boolean isAlive() {
      return alive;
    }

    @Override
    public void close() {
      if (alive) {
        alive = false;
        agent.onClose();
      }
    }
  }

  @Override
  public Turns start(Agent agent, Duration maxPark, Consumer<Throwable> onFailure) {
    var turn = new Turn(agent, maxPark.isZero(), onFailure);
    turns.add(turn);
    return turn;
  }

  @Override
  public void urgent(boolean now) {}

  @Override
  public void rest() {
    List.copyOf(turns).forEach(Turn::step);
  }

  /** A turn for somebody. */
  public void step(RandomGenerator random) {
    turns.get(random.nextInt(turns.size())).step();
  }

  /** A turn for everybody. */
  public void stepAll() {
    rest();
  }

  /**
   * When an agent other than the loop is in the middle of a call: lets the loop work meanwhile, as
   * on a thread of its own.
   */
  public void stepLoopBeside() {
    if (current != null && !current.waitsByItself) {
      turns.stream().filter(turn -> turn.waitsByItself).forEach(Turn::step);
    }
  }

  /** No more turns for anybody, as in a process that is gone. */
  public void stop() {
    turns.forEach(Turn::close);
  }
}
