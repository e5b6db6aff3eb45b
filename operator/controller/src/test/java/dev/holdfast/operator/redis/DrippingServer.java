package dev.holdfast.operator.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sends one byte of an endless line every 50 ms. */
final class DrippingServer implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  DrippingServer() throws IOException {
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void serve() {
    try {
      var socket = listener.accept();
      clock.scheduleAtFixedRate(
          () -> {
            try {
              socket.getOutputStream().write('+');
            } catch (IOException e) {
              clock.shutdown();
            }
          },
          0,
          50,
          TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      clock.shutdown();
    }
  }

  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    listener.close();
  }
}
