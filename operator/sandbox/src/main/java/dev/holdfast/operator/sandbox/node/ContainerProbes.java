package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;

/** Asks one run of a container how it is: first the start-up probe, then the other two for ever. */
final class ContainerProbes implements AutoCloseable {
  private final PodHost host;
  private final JsonNode container;
  private final Process process;
  private final Result result;
  private final ObjLongConsumer<Process> end;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch startedUp = new CountDownLatch(1);
  private volatile boolean closed;

  /** Is told what the probes say. */
  @FunctionalInterface
  interface Result {
    void probed(boolean started, boolean ready);
  }

  /**
   * Begins to ask.
   *
   * @param end ends the process within so many seconds
   */
  ContainerProbes(
      PodHost host,
      JsonNode container,
      Process process,
      Result result,
      ObjLongConsumer<Process> end) {
    this.host = host;
    this.container = container;
    this.process = process;
    this.result = result;
    this.end = end;
    if (container.has("startupProbe")) {
      begin("startup", this::startup);
    } else {
      startedUp.countDown();
    }
    if (container.has("livenessProbe")) {
      begin("liveness", this::liveness);
    }
    if (container.has("readinessProbe")) {
      begin("readiness", this::readiness);
    }
  }

  /** What a probe's thread does. */
  @FunctionalInterface
  private interface Asking {
    void run() throws InterruptedException;
  }

  private void begin(String name, Asking asking) {
    threads.add(
        Thread.ofVirtual()
            .name(name + "-probe")
            .start(
                () -> {
                  try {
                    asking.run();
                  } catch (InterruptedException e) {
                    // the run of the container is over
                  }
                }));
  }

  private void startup() throws InterruptedException {
    JsonNode probe = container.get("startupProbe");
    if (ask(probe, "Startup", true)) {
      startedUp.countDown();
      tell(true, !container.has("readinessProbe"));
    }
  }

  private void liveness() throws InterruptedException {
    startedUp.await();
    ask(container.get("livenessProbe"), "Liveness", false);
  }

  /** Asks until it succeeded, when that is enough, or failed too often, which ends the process. */
  private boolean ask(JsonNode probe, String name, boolean untilSuccess)
      throws InterruptedException {
    Probe question = question(probe);
    pause(probe.path("initialDelaySeconds").asInt(0));
    int failures = 0;
    while (!closed) {
      String wrong = question.ask();
      if (closed) {
        return false;
      }
      if (wrong.isEmpty()) {
        failures = 0;
        if (untilSuccess) {
          return true;
        }
      } else {
        failures++;
        host.event("Warning", "Unhealthy", name + " probe failed: " + wrong);
        if (failures >= probe.path("failureThreshold").asInt(3)) {
          host.event(
              "Normal",
              "Killing",
              "Container "
                  + Json.text(container, "name")
                  + " failed "
                  + name.toLowerCase(java.util.Locale.ROOT)
                  + " probe, will be restarted");
          long pod = host.pod().path("spec").path("terminationGracePeriodSeconds").asLong(30);
          end.accept(process, probe.path("terminationGracePeriodSeconds").asLong(pod));
          return false;
        }
      }
      pause(probe.path("periodSeconds").asInt(10));
    }
    return false;
  }

  private void readiness() throws InterruptedException {
    startedUp.await();
    JsonNode probe = container.get("readinessProbe");
    Probe question = question(probe);
    pause(probe.path("initialDelaySeconds").asInt(0));
    int successes = 0;
    int failures = 0;
    boolean ready = false;
    while (!closed) {
      String wrong = question.ask();
      successes = wrong.isEmpty() ? successes + 1 : 0;
      failures = wrong.isEmpty() ? 0 : failures + 1;
      if (successes >= probe.path("successThreshold").asInt(1)) {
        ready = true;
      } else if (failures >= probe.path("failureThreshold").asInt(3)) {
        if (ready) {
          host.event("Warning", "Unhealthy", "Readiness probe failed: " + wrong);
        }
        ready = false;
      }
      tell(true, ready);
      pause(probe.path("periodSeconds").asInt(10));
    }
  }

  private void tell(boolean started, boolean ready) {
    if (!closed) {
      result.probed(started, ready);
    }
  }

  private Probe question(JsonNode probe) {
    return new Probe(probe, container, host.address(), this::exec);
  }

  private int exec(List<String> command, int seconds) throws IOException, InterruptedException {
    try {
      Path folder = host.folder(container);
      var variables = host.variables(container);
      var image = host.images().find(Json.text(container, "image"));
      List<String> words = new ArrayList<>(command);
      words.set(0, CommandLine.program(words.getFirst(), image));
      var environment = CommandLine.rewrite(variables, host.paths(container));
      Process asked =
          host.processes().start(words, environment, folder, folder.resolve("probe.log"));
      if (asked.waitFor(seconds, TimeUnit.SECONDS)) {
        return asked.exitValue();
      }
      Processes.kill(asked);
      return 124;
    } catch (Variables.Missing e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void pause(int seconds) throws InterruptedException {
    Thread.sleep(Duration.ofSeconds(seconds));
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
