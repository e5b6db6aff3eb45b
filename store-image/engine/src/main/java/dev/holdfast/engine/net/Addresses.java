package dev.holdfast.engine.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses as the {@code bind} directive writes them. */
final class Addresses {
  private Addresses() {}

  static InetAddress parse(String address, int port) throws ListenException {
    try {
      return switch (address) {
        case "*" -> InetAddress.getByAddress(new byte[4]);
        case "::*" -> InetAddress.getByAddress(new byte[16]);
        default -> InetAddress.getByName(address);
      };
    } catch (UnknownHostException e) {
      throw new ListenException(
          ListenException.Reason.OTHER,
          failed(address, port, "the name is not known; give an IP address of this machine"));
    }
  }

  static String failed(String address, int port, String why) {
    return "Could not create server TCP listening socket " + address + ":" + port + ": " + why;
  }
}
