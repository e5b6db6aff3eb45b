package dev.holdfast.operator.sandbox.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** How long ago, in the few letters that {@code kubectl get} shows. */
public final class Ages {
  private Ages() {}

  /** Since a time stamp; {@code <unknown>} when it is none. */
  public static String since(String timestamp) {
    try {
      return shown(Duration.between(Instant.parse(timestamp), Instant.now()));
    } catch (DateTimeException e) {
      return "<unknown>";
    }
  }

  static String shown(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (seconds < 120) {
      return seconds + "s";
    }
    if (minutes < 10) {
      return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    }
    if (hours < 3) {
      return minutes + "m";
    }
    if (hours < 8) {
      return hours + "h" + (minutes % 60 == 0 ? "" : minutes % 60 + "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    if (days < 8) {
      return days + "d" + (hours % 24 == 0 ? "" : hours % 24 + "h");
    }
    if (days < 730) {
      return days + "d";
    }
    return days / 365 + "y";
  }
}
