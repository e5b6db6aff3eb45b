package dev.holdfast.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The whole comparison: {@code Bench HOLDFAST_SERVER JSON_FILE [ROUNDS] [SCALE]}.
 *
 * <p>Needs {@code VALKEY_BENCHMARK}, {@code VALKEY_SERVER} and {@code REDIS8_SERVER} in the
 * environment; {@code SLOW_DISK} names the program that makes a disk slower, if there is one.
 * {@code SCALE} shrinks the amounts (1 is the real size); a scaled run is for trying the benchmark,
 * its figures mean little.
 */
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 2) {
      System.err.println("bench: expected HOLDFAST_SERVER JSON_FILE [ROUNDS] [SCALE]");
      System.exit(2);
    }
    var contenders = Contender.fromEnvironment(Path.of(arguments[0]).toAbsolutePath());
    var rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
    var scale = arguments.length > 3 ? Double.parseDouble(arguments[3]) : 1.0;
    var driver =
        new LoadDriver(
            Optional.ofNullable(System.getenv("VALKEY_BENCHMARK"))
                .orElseThrow(() -> new IllegalStateException("VALKEY_BENCHMARK is not set")));
    var lines = new ArrayList<Measurement>();
    lines.addAll(new Throughput(driver, rounds, scale).measure(contenders));
    lines.addAll(new Mixed(driver, Math.min(rounds, 3), scale).measure(contenders));
    var footprint = new Footprint(Math.min(rounds, 3), scale);
    lines.add(footprint.start(contenders));
    lines.add(footprint.memoryPerKey(contenders));
    lines.add(footprint.replay(contenders));
    lines.addAll(new RewriteProbe(driver, Math.min(rounds, 3), scale).measure(contenders));
    System.out.print(Results.table(contenders, lines));
    Files.writeString(Path.of(arguments[1]), Results.json(lines));
  }
}
