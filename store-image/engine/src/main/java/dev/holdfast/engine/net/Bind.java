package dev.holdfast.engine.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The {@code bind} directive: several addresses, of which some may be optional. */
public final class Bind {
  private Bind() {}

  /**
   * Listens on every address, all on one port.
   *
   * @param addresses as in the directive: a leading {@code -} marks an address that may be missing
   *     on this machine. A family that the system does not have is always left out
   * @param port 0: the first address takes a free one and the others the same
   * @param log gets a line for every address that is left out
   * @throws IOException when an address cannot be had, or none is left; nothing is open then
   */
  public static List<Listener> open(
      Network network, List<String> addresses, int port, int backlog, Consumer<String> log)
      throws IOException {
    var open = new ArrayList<Listener>();
    try {
      int wanted = port;
      for (String word : addresses) {
        boolean optional = word.startsWith("-");
        String address = optional ? word.substring(1) : word;
        try {
          var listener = network.listen(address, wanted, backlog);
          open.add(listener);
          wanted = listener.port();
        } catch (ListenException e) {
          log.accept("Warning: " + e.getMessage());
          switch (e.reason()) {
            case FAMILY_NOT_SUPPORTED -> {}
            case ADDRESS_NOT_AVAILABLE -> {
              if (!optional) {
                throw e;
              }
            }
            case OTHER -> throw e;
          }
        }
      }
      if (open.isEmpty()) {
        throw new ListenException(
            ListenException.Reason.ADDRESS_NOT_AVAILABLE,
            "none of the addresses %s can be listened on; set 'bind' to one that this machine has"
                .formatted(addresses));
      }
      return open;
    } catch (IOException e) {
      open.forEach(Listener::close);
      throw e;
    }
  }
}
