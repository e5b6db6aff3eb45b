package dev.holdfast.engine.loop;

import dev.holdfast.engine.memory.Memory;

/** Bytes as a quoted string for the log: what cannot be printed is escaped. */
final class Quoted {
  private Quoted() {}

  static String of(long address, int length) {
    var text = new StringBuilder(length + 2).append('"');
    for (int i = 0; i < length; i++) {
      int c = Memory.getByte(address + i) & 0xff;
      switch (c) {
        case '\\', '"' -> text.append('\\').append((char) c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case 7 -> text.append("\\a");
        default -> {
          if (c >= ' ' && c < 127) {
            text.append((char) c);
          } else {
            text.append("\\x%02x".formatted(c));
          }
        }
      }
    }
    return text.append('"').toString();
  }
}
