package dev.holdfast.engine.net;

import java.io.IOException;
import java.util.function.Consumer;

/** Chooses the network of this system. */
public final class Networks {
  private Networks() {}

  /** How an {@link EpollNetwork} comes to be; a test makes it fail. */
  @FunctionalInterface
  interface Maker {
    Network make() throws IOException;
  }

  /**
   * Epoll where it works, otherwise the JDK's sockets and one line that says why.
   *
   * @param log gets that line
   */
  public static Network best(Consumer<String> log) throws IOException {
    return best(EpollNetwork::new, log);
  }

  static Network best(Maker epoll, Consumer<String> log) throws IOException {
    try {
      return epoll.make();
    } catch (IOException | LinkageError | RuntimeException e) {
      // A missing function or denied native access shows up while the class of the calls is set up.
      Throwable cause =
          e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
      log.accept(
          "epoll cannot be used (%s); serving with the JDK's sockets, which is slower"
              .formatted(cause.getMessage()));
      return new NioNetwork();
    }
  }
}
