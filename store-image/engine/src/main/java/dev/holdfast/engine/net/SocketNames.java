package dev.holdfast.engine.net;

import dev.holdfast.engine.memory.Memory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** Socket addresses as the Linux kernel lays them out, and as people write them. */
final class SocketNames {
  /** Bytes of the largest address that is handled, {@code sockaddr_un}. */
  static final int MAX_LENGTH = 112;

  static final int MAX_UNIX_PATH = 107;

  private SocketNames() {}

  /** Writes an IP address and port; returns the length. */
  static int encode(InetAddress ip, int port, long address) {
    byte[] bytes = ip.getAddress();
    boolean six = bytes.length == 16;
    int length = six ? 28 : 16;
    Memory.fill(address, length, (byte) 0);
    Memory.putShort(address, (short) (six ? Posix.AF_INET6 : Posix.AF_INET));
    Memory.putShort(address + 2, Short.reverseBytes((short) port));
    Memory.copyFrom(bytes, 0, address + (six ? 8 : 4), bytes.length);
    if (six) {
      Memory.putInt(address + 24, ((Inet6Address) ip).getScopeId());
    }
    return length;
  }

  /** Writes the address of a Unix socket; returns the length. */
  static int encodeUnix(byte[] path, long address) {
    Memory.putShort(address, (short) Posix.AF_UNIX);
    Memory.copyFrom(path, 0, address + 2, path.length);
    Memory.putByte(address + 2 + path.length, (byte) 0);
    return 2 + path.length + 1;
  }

  static int port(long address) {
    return Short.reverseBytes(Memory.getShort(address + 2)) & 0xffff;
  }

  /** {@code 127.0.0.1:6379}, {@code [::1]:6379}; empty for a Unix socket. */
  static String decode(long address) {
    return switch (Memory.getShort(address)) {
      case Posix.AF_INET -> ip(Memory.bytes(address + 4, 4), port(address));
      case Posix.AF_INET6 -> ip(Memory.bytes(address + 8, 16), port(address));
      default -> "";
    };
  }

  private static String ip(byte[] bytes, int port) {
    try {
      return text(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(InetAddress ip, int port) {
    return ip instanceof Inet6Address six
        ? "[" + shortest(six.getAddress()) + "]:" + port
        : ip.getHostAddress() + ":" + port;
  }

  static boolean isLoopback(long address) {
    return switch (Memory.getShort(address)) {
      case Posix.AF_INET -> Memory.getByte(address + 4) == 127;
      case Posix.AF_INET6 ->
          Memory.getLong(address + 8) == 0 && Memory.getLong(address + 16) == 1L << 56;
      default -> true;
    };
  }

  /** RFC 5952: the longest run of zero groups, at least two, is left out. */
  private static String shortest(byte[] ip) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (ip[2 * i] & 0xff) << 8 | ip[2 * i + 1] & 0xff;
    }
    int from = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        from = i;
        length = end - i;
      }
    }
    var text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == from) {
        text.append("::");
        i += length - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  static byte[] pathBytes(String path) {
    return path.getBytes(StandardCharsets.UTF_8);
  }
}
