package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.api.v1alpha1.ByteSize;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreSpec;
import dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.MemoryStatus.Source;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How much of a container's memory the data may take. The server itself (heap, direct buffers,
 * code, threads) is given 128 MiB and a rewrite a tenth of the rest, at least 32 MiB: a rewrite
 * does not fork, so its cost is what changes while it walks and its buffers, not a second copy of
 * the data.
 *
 * @param maxmemory bytes; 0 means no limit
 * @param problem why this cannot work, with the figure that would; empty when it can
 */
record MemoryBudget(long maxmemory, Source source, Optional<String> problem) {

  private static final long MEBI = 1L << 20;
  private static final long SERVER = 128 * MEBI;
  private static final long LEAST_FOR_REWRITE = 32 * MEBI;
  private static final Pattern MEMORY = Pattern.compile("([0-9]{1,15})(b|k|kb|m|mb|g|gb)?");

  static MemoryBudget of(PersistentStoreSpec spec) {
    var limit =
        Optional.ofNullable(spec.resources())
            .map(resources -> resources.limits())
            .map(limits -> limits.memory())
            .map(ByteSize::parse);
    var asked = Optional.ofNullable(spec.config()).map(config -> config.get("maxmemory"));
    if (asked.isEmpty()) {
      return limit
          .map(bytes -> new MemoryBudget(derived(bytes), Source.Derived, Optional.empty()))
          .orElseGet(() -> new MemoryBudget(0, Source.Unlimited, Optional.empty()));
    }
    var bytes = directive(asked.get());
    if (bytes.isEmpty()) {
      return new MemoryBudget(
          0,
          Source.Config,
          Optional.of(
              "config.maxmemory is '"
                  + asked.get()
                  + "', which is no size: write a number of bytes, or one with mb or gb"));
    }
    return new MemoryBudget(
        bytes.get(),
        Source.Config,
        limit.flatMap(most -> tooSmall(most, bytes.get(), asked.get())));
  }

  private static long derived(long limit) {
    var rest = limit - SERVER;
    return Math.max(rest - Math.max(LEAST_FOR_REWRITE, (rest + 9) / 10), LEAST_FOR_REWRITE);
  }

  private static Optional<String> tooSmall(long limit, long maxmemory, String asked) {
    if (maxmemory == 0) {
      return Optional.of(
          "config.maxmemory is 0 (no limit) in a container limited to "
              + ByteSize.print(limit)
              + ", where the kernel would kill a full store: leave config.maxmemory out, and it is derived as "
              + derived(limit));
    }
    var needed = SERVER + maxmemory + Math.max(LEAST_FOR_REWRITE, (maxmemory + 8) / 9);
    if (needed <= limit) {
      return Optional.empty();
    }
    return Optional.of(
        "resources.limits.memory of "
            + ByteSize.print(limit)
            + " is too small for config.maxmemory "
            + asked
            + ": data, server and rewrite need "
            + (needed + MEBI - 1) / MEBI
            + "Mi; raise the limit to that, or lower maxmemory to "
            + derived(limit));
  }

  /** Bytes of a value as redis.conf writes memory: {@code mb} is 2^20 and {@code m} is 10^6. */
  static Optional<Long> directive(String value) {
    var matcher = MEMORY.matcher(value.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var factor =
        Map.of(
                "",
                1L,
                "b",
                1L,
                "k",
                1_000L,
                "kb",
                1L << 10,
                "m",
                1_000_000L,
                "mb",
                MEBI,
                "g",
                1_000_000_000L,
                "gb",
                1L << 30)
            .get(matcher.group(2) == null ? "" : matcher.group(2));
    try {
      return Optional.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }
}
