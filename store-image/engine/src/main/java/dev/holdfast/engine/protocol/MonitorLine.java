package dev.holdfast.engine.protocol;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;

/**
 * A line of {@code MONITOR}: time, database, client, and the words of a command in quotes, with
 * what cannot be printed escaped. It is given away in small pieces, so that a value of any length
 * needs no memory here.
 */
public final class MonitorLine {
  private static final int ROOM = 4096;
  private static final String HEX = "0123456789abcdef";

  private final long piece = NativeHeap.allocate(ROOM);
  private Target target;
  private int length;

  /** Takes the line, piece by piece. */
  @FunctionalInterface
  public interface Target {
    void take(long address, int length);
  }

  /**
   * @param micros since 1970
   */
  public void begin(Target target, long micros, int db, String client) {
    this.target = target;
    text("+%d.%06d [%d %s]".formatted(micros / 1_000_000, micros % 1_000_000, db, client));
  }

  /** A word that is not shown as it is. */
  public void redacted() {
    text(" \"(redacted)\"");
  }

  public void word(long address, int bytes) {
    text(" \"");
    for (int i = 0; i < bytes; i++) {
      quoted(Memory.getByte(address + i) & 0xff);
    }
    put('"');
  }

  public void end() {
    text("\r\n");
    giveAway();
    target = null;
  }

  private void quoted(int c) {
    switch (c) {
      case '\\', '"' -> escaped(c);
      case '\n' -> escaped('n');
      case '\r' -> escaped('r');
      case '\t' -> escaped('t');
      case '\b' -> escaped('b');
      case 7 -> escaped('a');
      default -> {
        if (c >= ' ' && c < 127) {
          put(c);
        } else {
          escaped('x');
          put(HEX.charAt(c >> 4));
          put(HEX.charAt(c & 15));
        }
      }
    }
  }

  private void escaped(int c) {
    put('\\');
    put(c);
  }

  private void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
  }

  private void put(int c) {
    if (length == ROOM) {
      giveAway();
    }
    Memory.putByte(piece + length++, (byte) c);
  }

  private void giveAway() {
    target.take(piece, length);
    length = 0;
  }
}
