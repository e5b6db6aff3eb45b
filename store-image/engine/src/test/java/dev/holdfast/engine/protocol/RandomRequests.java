package dev.holdfast.engine.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What a client might send: mostly well formed, sometimes damaged. */
public final class RandomRequests {
  private RandomRequests() {}

  /** A few requests, of which one byte may be wrong; now and then bytes without any sense. */
  public static byte[] bytes(Random random) {
    if (random.nextInt(20) == 0) {
      return noise(random);
    }
    var out = new ByteArrayOutputStream();
    int requests = 1 + random.nextInt(8);
    for (int i = 0; i < requests; i++) {
      switch (random.nextInt(10)) {
        case 0 -> out.writeBytes(line(random));
        case 1 -> out.writeBytes(ascii("\r\n"));
        case 2 -> out.writeBytes(ascii("*0\r\n"));
        default -> array(random, out);
      }
    }
    byte[] bytes = out.toByteArray();
    switch (random.nextInt(4)) {
      case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      case 1 ->
          bytes[random.nextInt(bytes.length)] = (byte) "*$\r\n09-\"' ".charAt(random.nextInt(10));
      default -> {}
    }
    return bytes;
  }

  private static byte[] noise(Random random) {
    var letters = "**$$\r\n\r\n0123456789-\"' a\0";
    byte[] bytes = new byte[1 + random.nextInt(200)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) letters.charAt(random.nextInt(letters.length()));
    }
    return bytes;
  }

  private static void array(Random random, ByteArrayOutputStream out) {
    int words = 1 + (random.nextInt(10) == 0 ? random.nextInt(30) : random.nextInt(4));
    out.writeBytes(ascii("*" + words + "\r\n"));
    for (int i = 0; i < words; i++) {
      byte[] word = new byte[random.nextInt(50) == 0 ? random.nextInt(40_000) : random.nextInt(30)];
      random.nextBytes(word);
      out.writeBytes(ascii("$" + word.length + "\r\n"));
      out.writeBytes(word);
      out.writeBytes(ascii("\r\n"));
    }
  }

  private static byte[] line(Random random) {
    var parts = new String[] {"ECHO", " ", "\"a b\"", "'c'", "\\", "x", "\t", "\"\\x41\"", "\""};
    var text = new StringBuilder("ECHO");
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return ascii(text.append(random.nextBoolean() ? "\r\n" : "\n").toString());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
