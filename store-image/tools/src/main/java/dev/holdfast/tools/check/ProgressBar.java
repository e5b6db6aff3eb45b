package dev.holdfast.tools.check;

import dev.holdfast.formats.check.Progress;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Shows at a terminal how far a check is: one line of standard error that is written over again and
 * again, and is gone when anything else is printed. Where standard error is no terminal there is
 * none, so that nothing of it gets into files and pipes.
 */
public final class ProgressBar implements Progress {
  private static final int STDERR = 2;
  private static final int CELLS = 30;
  private static final int LONGEST_NAME = 32;
  private static final long EVERY_NANOS = 100_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final String ERASE = "\r\033[K";

  private final PrintStream terminal;
  private final LongSupplier nanos;
  private String file = "";
  private long started;
  private long startOffset;
  private long lastShown;
  private boolean visible;

  ProgressBar(PrintStream terminal, LongSupplier nanos) {
    this.terminal = terminal;
    this.nanos = nanos;
    this.lastShown = nanos.getAsLong();
  }

  /** The bar, if standard error is a terminal. */
  public static Optional<ProgressBar> ofThisProcess() {
    return isTerminal()
        ? Optional.of(new ProgressBar(System.err, System::nanoTime))
        : Optional.empty();
  }

  @Override
  public void at(String name, long offset, long size) {
    long now = nanos.getAsLong();
    if (!name.equals(file) || offset < startOffset) {
      file = name;
      started = now;
      startOffset = offset;
    }
    if (now - lastShown >= EVERY_NANOS && size > 0) {
      lastShown = now;
      visible = true;
      terminal.print(ERASE + line(offset, size, now - started));
      terminal.flush();
    }
  }

  private String line(long offset, long size, long elapsed) {
    long done = Math.min(offset, size);
    int cells = (int) (CELLS * done / size);
    String shown = file.substring(Math.max(0, file.length() - LONGEST_NAME));
    double perSecond = (done - startOffset) * (double) SECOND / Math.max(1, elapsed);
    String rest =
        perSecond < 1 ? "" : ", %.0f s left".formatted(Math.ceil((size - done) / perSecond));
    return "%s [%s%s] %d%%, %.0f MB/s%s"
        .formatted(
            shown,
            "#".repeat(cells),
            ".".repeat(CELLS - cells),
            100 * done / size,
            perSecond / 1e6,
            rest);
  }

  /** Takes the bar away. */
  void erase() {
    if (visible) {
      visible = false;
      terminal.print(ERASE);
      terminal.flush();
    }
  }

  /** The same stream, but the bar goes before anything is printed. */
  PrintStream guard(OutputStream out) {
    return new PrintStream(
        new FilterOutputStream(out) {
          @Override
          public void write(int b) throws IOException {
            erase();
            out.write(b);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            erase();
            out.write(bytes, offset, length);
          }
        },
        true,
        StandardCharsets.UTF_8);
  }

  private static boolean isTerminal() {
    var linker = Linker.nativeLinker();
    var isatty =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("isatty"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      return (int) isatty.invokeExact(STDERR) == 1;
    } catch (Throwable e) {
      throw new IllegalStateException("isatty failed", e);
    }
  }
}
