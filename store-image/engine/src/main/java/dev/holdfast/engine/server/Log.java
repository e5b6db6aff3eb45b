package dev.holdfast.engine.server;

import dev.holdfast.engine.client.ClientLog;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.persistence.EventLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TimeZone;

/**
 * One line per event in the field's form: {@code 17:M 22 Nov 2026 14:19:42.285 * Ready to accept
 * connections}. Any thread may write; lines never mix.
 */
public final class Log implements EventLog, ClientLog {
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  /** How much is told; from each level on, the more important ones too. */
  public enum Level {
    DEBUG('.'),
    VERBOSE('-'),
    NOTICE('*'),
    WARNING('#');

    private final char mark;

    Level(char mark) {
      this.mark = mark;
    }

    /** The level of a {@code loglevel} directive. */
    public static Level of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  private final Clock clock;
  private final OutputStream out;
  private final long processId;
  private volatile Level least = Level.NOTICE;

  public Log(Clock clock, OutputStream out, long processId) {
    this.clock = clock;
    this.out = out;
    this.processId = processId;
  }

  /** Tells nothing below this level from now on. */
  public void level(Level level) {
    least = level;
  }

  @Override
  public void verbose(String line) {
    write(Level.VERBOSE, line);
  }

  @Override
  public void notice(String line) {
    write(Level.NOTICE, line);
  }

  @Override
  public void warning(String line) {
    write(Level.WARNING, line);
  }

  /** A mistake in the program, with where it happened. */
  public void failure(String what, Throwable failure) {
    var text = new StringBuilder(what + ": " + failure);
    for (StackTraceElement element : failure.getStackTrace()) {
      text.append("\n    at ").append(element);
    }
    warning(text.toString());
  }

  private void write(Level level, String line) {
    if (level.compareTo(least) < 0) {
      return;
    }
    String text =
        processId + ":M " + time(clock.wallMillis()) + " " + level.mark + " " + line + "\n";
    synchronized (out) {
      try {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
      } catch (IOException e) {
        // Nobody is left who could be told.
      }
    }
  }

  /** Written by hand because java.time's formatter would cost a good part of the start. */
  static String time(long millis) {
    long local = millis + TimeZone.getDefault().getOffset(millis);
    long days = Math.floorDiv(local, 86_400_000L);
    long ms = Math.floorMod(local, 86_400_000L);
    // Days since 1970 to a date of the Gregorian calendar, in years that begin in March.
    long shifted = days + 719_468;
    long era = Math.floorDiv(shifted, 146_097);
    long dayOfEra = shifted - era * 146_097;
    long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long monthFromMarch = (5 * dayOfYear + 2) / 153;
    long day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    int month = (int) (monthFromMarch < 10 ? monthFromMarch + 2 : monthFromMarch - 10);
    long year = yearOfEra + era * 400 + (month <= 1 ? 1 : 0);
    return two(day)
        + " "
        + MONTHS[month]
        + " "
        + year
        + " "
        + two(ms / 3_600_000)
        + ":"
        + two(ms / 60_000 % 60)
        + ":"
        + two(ms / 1000 % 60)
        + "."
        + (ms % 1000 < 100 ? "0" : "")
        + two(ms % 1000);
  }

  private static String two(long value) {
    return value < 10 ? "0" + value : Long.toString(value);
  }
}
