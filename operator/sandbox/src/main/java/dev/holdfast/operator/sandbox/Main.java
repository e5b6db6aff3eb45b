package dev.holdfast.operator.sandbox;

import java.nio.file.Path;

/** Runs a sandbox until it is interrupted. */
public final class Main {
  private Main() {}

  /** Arguments: {@code --state DIR}. */
  public static void main(String[] args) throws Exception {
    if (args.length != 2 || !args[0].equals("--state")) {
      System.err.println("usage: --state DIR");
      System.exit(2);
    }
    Sandbox sandbox = Sandbox.start(Settings.in(Path.of(args[1])));
    System.out.println("export KUBECONFIG=" + sandbox.kubeconfig());
    Thread.currentThread().join();
  }
}
