package dev.holdfast.engine.command;

import dev.holdfast.engine.memory.Memory;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/**
 * A word in native memory for as long as the process lives, to build effects from.
 *
 * @param address where it is
 * @param length its bytes
 */
public record NativeWord(long address, int length) {
  public static final NativeWord SET = of("SET");
  public static final NativeWord DEL = of("DEL");
  public static final NativeWord PXAT = of("PXAT");
  public static final NativeWord KEEPTTL = of("KEEPTTL");
  public static final NativeWord PEXPIREAT = of("PEXPIREAT");
  public static final NativeWord PERSIST = of("PERSIST");
  public static final NativeWord RESTORE = of("RESTORE");
  public static final NativeWord REPLACE = of("REPLACE");
  public static final NativeWord ABSTTL = of("ABSTTL");

  private static NativeWord of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    long address = Arena.global().allocate(bytes.length).address();
    Memory.copyFrom(bytes, 0, address, bytes.length);
    return new NativeWord(address, bytes.length);
  }
}
