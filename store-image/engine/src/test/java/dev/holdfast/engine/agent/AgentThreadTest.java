package dev.holdfast.engine.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AgentThreadTest {
  private static final Duration FOR_EVER = Duration.ofHours(1);

  @Test
  void no_wake_up_is_lost_however_close_it_comes_to_the_rest() throws InterruptedException {
    var given = new AtomicInteger();
    var done = new AtomicInteger();
    var finished = new Semaphore(0);
    Agent agent =
        agent(
            () -> {
              int work = given.get() - done.get();
              if (work > 0) {
                done.addAndGet(work);
                finished.release(work);
              }
              return work;
            });
    try (var thread = new AgentThread(agent, FOR_EVER, e -> {}).start()) {
      for (int i = 0; i < 20_000; i++) {
        given.incrementAndGet();
        thread.wakeup();
        assertThat(finished.tryAcquire(10, TimeUnit.SECONDS)).as("round %d", i).isTrue();
      }
    }
  }

  @Test
  void an_urgent_agent_gets_short_turns_where_the_system_has_them() throws Exception {
    assumeTrue(hasShortTurns(), "Linux 6.12 or newer is needed for short turns");
    assertThat(turnOf(true)).isEqualTo(100_000);
    assertThat(turnOf(false)).isGreaterThan(100_000);
  }

  @Test
  void an_agent_can_become_urgent_and_be_so_no_more() throws Exception {
    assumeTrue(hasShortTurns(), "Linux 6.12 or newer is needed for short turns");
    var turns = new ArrayList<Long>();
    var thread =
        new Thread(
            () -> {
              for (boolean urgent : new boolean[] {true, false}) {
                Scheduler.threads().urgent(urgent);
                turns.add(ShortTurns.nanos());
              }
            });
    thread.start();
    thread.join();
    assertThat(turns.get(0)).isEqualTo(100_000);
    assertThat(turns.get(1)).isGreaterThan(100_000);
  }

  private static boolean hasShortTurns() {
    var version = System.getProperty("os.version").split("[.-]");
    int major = Integer.parseInt(version[0]);
    return System.getProperty("os.name").equals("Linux")
        && (major > 6 || major == 6 && Integer.parseInt(version[1]) >= 12);
  }

  private static long turnOf(boolean urgent) throws InterruptedException {
    var turn = new ArrayBlockingQueue<Long>(1);
    var agent =
        new Agent() {
          @Override
          public int doWork() {
            turn.offer(ShortTurns.nanos());
            return 0;
          }

          @Override
          public String roleName() {
            return "asked";
          }

          @Override
          public boolean isUrgent() {
            return urgent;
          }
        };
    try (var _ = new AgentThread(agent, FOR_EVER, e -> {}).start()) {
      return turn.poll(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void closing_ends_a_resting_thread_and_tells_the_agent_on_it() {
    var closedOn = new AtomicReference<String>();
    var agent =
        new Agent() {
          @Override
          public int doWork() {
            return 0;
          }

          @Override
          public String roleName() {
            return "resting";
          }

          @Override
          public void onClose() {
            closedOn.set(Thread.currentThread().getName());
          }
        };
    var thread = new AgentThread(agent, FOR_EVER, e -> {}).start();
    thread.close();
    assertThat(thread.isAlive()).isFalse();
    assertThat(closedOn.get()).isEqualTo("resting");
  }

  @Test
  void a_step_that_fails_ends_the_thread_and_is_reported() throws InterruptedException {
    var failure = new AtomicReference<Throwable>();
    var reported = new CountDownLatch(1);
    Agent agent =
        agent(
            () -> {
              throw new IllegalStateException("broken");
            });
    try (var thread =
        new AgentThread(
            agent,
            FOR_EVER,
            e -> {
              failure.set(e);
              reported.countDown();
            })) {
      thread.start();
      assertThat(reported.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(failure.get()).hasMessage("broken");
    }
  }

  private interface Step {
    int run();
  }

  private static Agent agent(Step step) {
    return new Agent() {
      @Override
      public int doWork() {
        return step.run();
      }

      @Override
      public String roleName() {
        return "test";
      }
    };
  }
}
