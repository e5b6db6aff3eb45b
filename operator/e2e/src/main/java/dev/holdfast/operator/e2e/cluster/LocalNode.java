package dev.holdfast.operator.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;

/** This machine is the node. */
final class LocalNode implements Node {
  @Override
  public String run(String script) {
    try {
      var process = new ProcessBuilder("bash", "-euc", script).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var printed = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new IllegalStateException("on the node: " + script + "\n" + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String volumeImages() {
    return "/var/tmp/holdfast-cluster/volumes";
  }
}
