package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.Settings.Image;
import dev.holdfast.operator.sandbox.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs one container as a process, again and again as its pod's restart policy says, on a thread of
 * its own. The back-off doubles with every end and begins anew after ten minutes of running.
 */
final class ContainerRunner {
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);
  private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int MOST_MESSAGE = 4096;

  private final PodHost host;
  private final JsonNode container;
  private final boolean restartsAfterSuccess;
  private final boolean restartsAfterFailure;
  private ObjectNode state = waiting("ContainerCreating", "");
  private ObjectNode lastState = Json.object();
  private int restarts;
  private int ends;
  private boolean ready;
  private boolean started;
  private boolean stopping;
  private boolean done;
  private long graceSeconds;
  private Process process;
  private final Thread thread;

  /**
   * Begins at once.
   *
   * @param before the container's status from an earlier life of the sandbox, or a missing node
   */
  ContainerRunner(
      PodHost host,
      JsonNode container,
      boolean restartsAfterSuccess,
      boolean restartsAfterFailure,
      JsonNode before) {
    this.host = host;
    this.container = container;
    this.restartsAfterSuccess = restartsAfterSuccess;
    this.restartsAfterFailure = restartsAfterFailure;
    JsonNode ran = before.path("state").path("running");
    if (before.has("containerID")) {
      restarts = before.path("restartCount").asInt() + 1;
      if (ran.isObject()) {
        ObjectNode end = lastState.putObject("terminated");
        end.put("exitCode", 137).put("reason", "Error");
        end.put("message", "the sandbox stopped");
        end.set("startedAt", ran.path("startedAt"));
        end.put("finishedAt", now());
      } else if (before.path("lastState") instanceof ObjectNode last) {
        lastState = last.deepCopy();
      }
    }
    thread = Thread.ofVirtual().name("container-" + name()).start(this::run);
  }

  String name() {
    return Json.text(container, "name");
  }

  /** The entry of the pod's container statuses. */
  synchronized ObjectNode status() {
    ObjectNode status = Json.object().put("name", name());
    status.set("state", state.deepCopy());
    status.set("lastState", lastState.deepCopy());
    status.put("ready", ready).put("started", started).put("restartCount", restarts);
    status.put("image", Json.text(container, "image"));
    status.put("imageID", "");
    if (process != null) {
      status.put("containerID", "process://" + process.pid());
    }
    return status;
  }

  synchronized boolean isReady() {
    return ready;
  }

  synchronized boolean isDone() {
    return done;
  }

  /** Whether it ended for good, with success. */
  synchronized boolean succeeded() {
    return done && state.path("terminated").path("exitCode").asInt(1) == 0;
  }

  /** The running process, or null. */
  synchronized Process process() {
    return process != null && process.isAlive() ? process : null;
  }

  /** Asks it to end within the time, then ends it; returns at once. */
  void stop(long seconds) {
    Process running;
    synchronized (this) {
      stopping = true;
      graceSeconds = seconds;
      running = process();
    }
    if (running == null) {
      thread.interrupt();
    } else {
      end(running, seconds);
    }
  }

  void join() throws InterruptedException {
    thread.join();
  }

  private void run() {
    try {
      while (!isStopping()) {
        Process begun = begin();
        if (begun != null) {
          boolean again = live(begun);
          if (!again) {
            break;
          }
        }
      }
    } catch (InterruptedException e) {
      // stopped while it waited
    } finally {
      synchronized (this) {
        done = true;
        ready = false;
        started = false;
      }
      host.changed();
    }
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  /** Starts the process; null when that has to be tried again. */
  private Process begin() throws InterruptedException {
    Image image = host.images().find(Json.text(container, "image"));
    if (image == null) {
      String message =
          "the sandbox has no folder for image \""
              + Json.text(container, "image")
              + "\"; name one with --image PATTERN=FOLDER:ENTRY";
      setState(waiting("ErrImagePull", message));
      Thread.sleep(RETRY);
      return null;
    }
    try {
      Path folder = host.folder(container);
      Files.createDirectories(folder);
      Path message = folder.resolve("termination-log");
      Files.deleteIfExists(message);
      Map<String, Path> paths = new LinkedHashMap<>(host.paths(container));
      paths.put(Json.text(container, "terminationMessagePath"), message);
      Map<String, String> variables = host.variables(container);
      List<String> command = CommandLine.of(container, image, variables, paths);
      Map<String, String> environment = CommandLine.rewrite(variables, paths);
      environment.put("HOLDFAST_TERMINATION_LOG", message.toString());
      Path log = folder.resolve(restarts + ".log");
      Path home = Files.createDirectories(folder.resolve("work"));
      Process begun = host.processes().start(command, environment, home, log);
      synchronized (this) {
        process = begun;
        state = Json.object();
        state.putObject("running").put("startedAt", now());
        started = !container.has("startupProbe");
        ready = started && !container.has("readinessProbe");
      }
      host.event("Normal", "Started", "Container started: " + name());
      host.changed();
      return begun;
    } catch (Variables.Missing e) {
      setState(waiting("CreateContainerConfigError", e.getMessage()));
    } catch (IOException e) {
      setState(waiting("RunContainerError", e.getMessage()));
    }
    Thread.sleep(RETRY);
    return null;
  }

  /** Watches over the process until it ends; whether to start another. */
  private boolean live(Process begun) throws InterruptedException {
    var probes = new ContainerProbes(host, container, begun, this::probed, this::end);
    if (isStopping()) {
      end(begun, graceSeconds);
    }
    long since = System.nanoTime();
    int code;
    try {
      code = begun.waitFor();
    } finally {
      probes.close();
      Processes.killSession(begun.pid());
    }
    boolean again;
    synchronized (this) {
      ready = false;
      started = false;
      state = terminated(begun, code);
      again = !stopping && (code == 0 ? restartsAfterSuccess : restartsAfterFailure);
    }
    host.changed();
    if (!again) {
      return false;
    }
    if (System.nanoTime() - since > FORGIVEN_AFTER.toNanos()) {
      ends = 0;
    }
    backOff();
    return true;
  }

  private void backOff() throws InterruptedException {
    ends++;
    long factor = ends == 1 ? 0 : 1L << Math.min(20, ends - 2);
    Duration wait = host.restartBackOff().multipliedBy(factor);
    wait = wait.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : wait;
    synchronized (this) {
      restarts++;
      lastState = state;
      state =
          wait.isZero()
              ? waiting("ContainerCreating", "")
              : waiting(
                  "CrashLoopBackOff",
                  "back-off "
                      + wait.toMillis() / 1000.0
                      + "s restarting failed container="
                      + name()
                      + " pod="
                      + Json.name(host.pod()));
    }
    host.changed();
    if (!wait.isZero()) {
      host.event("Warning", "BackOff", "Back-off restarting failed container " + name());
      Thread.sleep(wait);
    }
  }

  private void probed(boolean nowStarted, boolean nowReady) {
    boolean changed;
    synchronized (this) {
      changed = started != nowStarted || ready != nowReady;
      started = nowStarted;
      ready = nowReady;
    }
    if (changed) {
      host.changed();
    }
  }

  private void end(Process running, long seconds) {
    Thread.ofVirtual()
        .name("end-" + name())
        .start(
            () -> {
              running.destroy();
              try {
                if (!running.waitFor(Math.max(0, seconds), TimeUnit.SECONDS)) {
                  Processes.kill(running);
                }
              } catch (InterruptedException e) {
                Processes.kill(running);
              }
            });
  }

  private ObjectNode terminated(Process ended, int code) {
    ObjectNode result = Json.object();
    ObjectNode end = result.putObject("terminated");
    end.put("exitCode", code);
    if (code > 128) {
      end.put("signal", code - 128);
    }
    end.put("reason", code == 0 ? "Completed" : "Error");
    String message = terminationMessage(code);
    if (!message.isEmpty()) {
      end.put("message", message);
    }
    end.set("startedAt", state.path("running").path("startedAt"));
    end.put("finishedAt", now());
    end.put("containerID", "process://" + ended.pid());
    return result;
  }

  private String terminationMessage(int code) {
    try {
      Path folder = host.folder(container);
      Path file = folder.resolve("termination-log");
      if (Files.exists(file) && Files.size(file) > 0) {
        return tail(file);
      }
      boolean fromLog =
          code != 0
              && Json.text(container, "terminationMessagePolicy").equals("FallbackToLogsOnError");
      return fromLog ? tail(folder.resolve(restarts + ".log")) : "";
    } catch (IOException e) {
      return "the termination message cannot be read: " + e.getMessage();
    }
  }

  private static String tail(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int from = Math.max(0, bytes.length - MOST_MESSAGE);
    return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
  }

  private void setState(ObjectNode next) {
    synchronized (this) {
      state = next;
    }
    host.changed();
  }

  private static ObjectNode waiting(String reason, String message) {
    ObjectNode state = Json.object();
    ObjectNode waiting = state.putObject("waiting").put("reason", reason);
    if (!message.isEmpty()) {
      waiting.put("message", message);
    }
    return state;
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
