package dev.holdfast.engine.latency;

import dev.holdfast.engine.clock.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the {@code LATENCY} commands answer: the last spikes of each kind of event that took at
 * least {@code latency-monitor-threshold} milliseconds. Any thread may call; below the threshold a
 * call costs one comparison.
 */
public final class LatencyMonitor {
  private static final int SAMPLES = 160;

  private final Clock clock;
  private final Map<String, Event> events = new TreeMap<>();
  private volatile long thresholdNanos = Long.MAX_VALUE;

  public LatencyMonitor(Clock clock) {
    this.clock = clock;
  }

  /** One spike; of those in one second, the longest. */
  public record Sample(long unixSeconds, long millis) {}

  /** A kind of event and its latest and longest spike. */
  public record Latest(String event, Sample sample, long longestMillis) {}

  private static final class Event {
    final Deque<Sample> samples = new ArrayDeque<>();
    long longestMillis;
  }

  /** {@code latency-monitor-threshold}; 0 switches it off. */
  public void threshold(long millis) {
    thresholdNanos =
        millis == 0 || millis > Long.MAX_VALUE / 1_000_000 ? Long.MAX_VALUE : millis * 1_000_000;
  }

  public boolean isOn() {
    return thresholdNanos != Long.MAX_VALUE;
  }

  /** Something took this long. */
  public void took(String event, long nanos) {
    if (nanos >= thresholdNanos) {
      add(event, nanos / 1_000_000);
    }
  }

  private synchronized void add(String name, long millis) {
    var event = events.computeIfAbsent(name, _ -> new Event());
    long now = clock.wallMillis() / 1000;
    long longest = millis;
    if (!event.samples.isEmpty() && event.samples.getLast().unixSeconds() == now) {
      longest = Math.max(millis, event.samples.removeLast().millis());
    }
    event.samples.addLast(new Sample(now, longest));
    if (event.samples.size() > SAMPLES) {
      event.samples.removeFirst();
    }
    event.longestMillis = Math.max(event.longestMillis, millis);
  }

  /** All kinds that had a spike, by name. */
  public synchronized List<Latest> latest() {
    var latest = new ArrayList<Latest>();
    events.forEach(
        (name, event) ->
            latest.add(new Latest(name, event.samples.getLast(), event.longestMillis)));
    return latest;
  }

  /** The spikes of one kind, oldest first. */
  public synchronized List<Sample> history(String event) {
    var found = events.get(event);
    return found == null ? List.of() : List.copyOf(found.samples);
  }

  /** Forgets one kind; whether there was something to forget. */
  public synchronized boolean forget(String event) {
    return events.remove(event) != null;
  }

  /** Forgets everything; how many kinds there were. */
  public synchronized int forgetAll() {
    int count = events.size();
    events.clear();
    return count;
  }
}
