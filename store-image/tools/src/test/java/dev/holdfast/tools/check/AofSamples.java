package dev.holdfast.tools.check;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Bytes of AOF files, written by hand so that they say nothing about our own writer. */
public final class AofSamples {

  public static final String MANIFEST = "appendonly.aof.manifest";
  public static final String BASE = "appendonly.aof.1.base.aof";
  public static final String INCR = "appendonly.aof.1.incr.aof";
  public static final String INCR_2 = "appendonly.aof.2.incr.aof";

  public static final byte[] TWO_KEYS =
      join(command("SELECT", "0"), command("SET", "k", "v"), command("SET", "k2", "v2"));
  public static final byte[] ONE_INCR =
      ascii(
          "file appendonly.aof.1.base.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n");
  public static final byte[] TWO_INCRS =
      join(ONE_INCR, ascii("file appendonly.aof.2.incr.aof seq 2 type i\n"));

  /** Six keys of Redis 7.0.15: strings, a list, one expired and one that expires in 2042. */
  public static final byte[] RDB =
      Base64.getDecoder()
          .decode(
              "UkVESVMwMDEw+glyZWRpcy12ZXIGNy4wLjE1+gpyZWRpcy1iaXRzwED6BWN0aW1lwjz6Amv6CHVzZWQtbWVtwsgXDwD6CGFvZi1iYXNlwAD+APsGAvzEAvRtFgIAAAACazUBdgAFa2V5OjEGdmFsdWUx/MJ6oQOiAQAAAAJrNAF2AAVrZXk6MgZ2YWx1ZTIABWtleTozBnZhbHVlMxIBbAECEBAAAAADAIFhAoFiAoFjAv//E6jRjHFZEvQ=");

  private AofSamples() {}

  /** A command as a client sends it. */
  public static byte[] command(String... words) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(ascii("*" + words.length + "\r\n"));
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      out.writeBytes(ascii("$" + bytes.length + "\r\n"));
      out.writeBytes(bytes);
      out.writeBytes(ascii("\r\n"));
    }
    return out.toByteArray();
  }

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  public static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** All but the last bytes. */
  public static byte[] without(byte[] bytes, int last) {
    return java.util.Arrays.copyOf(bytes, bytes.length - last);
  }

  /** The same bytes with one bit changed. */
  public static byte[] flipped(byte[] bytes, int at) {
    byte[] other = bytes.clone();
    other[at] ^= 0x40;
    return other;
  }
}
