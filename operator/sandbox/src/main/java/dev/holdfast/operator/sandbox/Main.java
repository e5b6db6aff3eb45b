package dev.holdfast.operator.sandbox;

import dev.holdfast.operator.sandbox.Settings.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Runs a sandbox until it is interrupted, with the operator if there is one. */
public final class Main {
  private static final String USAGE =
      """
      usage: --state DIR [--port N] [--image PATTERN=FOLDER:ENTRY]... [--crds DIR] [--operator JAR]
        --state     the folder to keep everything in; the same folder brings the same cluster back
        --port      of the API server; a free one without it
        --image     the folder that is run for images of a name, and its program below bin/
        --crds      definitions to apply
        --operator  the operator's quarkus-run.jar, started with this cluster's kubeconfig""";

  private Main() {}

  /** See the usage; ends with 2 for a mistake in the arguments, 1 for anything else. */
  public static void main(String[] args) throws InterruptedException {
    Arguments arguments;
    try {
      arguments = Arguments.of(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      System.exit(2);
      return;
    }
    try {
      Sandbox sandbox = Sandbox.start(arguments.settings());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sandbox), "stop"));
      if (arguments.definitions() != null) {
        sandbox.apply(arguments.definitions());
      }
      if (arguments.operator() != null) {
        sandbox.startOperator(arguments.operator());
      }
      System.out.println("the sandbox runs; connect with");
      System.out.println("  export KUBECONFIG=" + sandbox.kubeconfig());
      System.out.println("it is for trying and testing: pods are plain processes of this machine");
      if (!sandbox.enforcesClaimSize()) {
        System.out.println(
            "sizes of claims are not enforced: that needs Linux, root and mkfs.ext4");
      }
      new CountDownLatch(1).await();
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void stop(Sandbox sandbox) {
    try {
      sandbox.close();
    } catch (IOException e) {
      System.err.println(e.getMessage() + ": " + e.getCause());
    }
  }

  private record Arguments(Settings settings, Path definitions, Path operator) {
    static Arguments of(String[] args) {
      Path state = null;
      Path definitions = null;
      Path operator = null;
      int port = 0;
      Map<String, Image> images = new LinkedHashMap<>();
      List<String> rest = new ArrayList<>(List.of(args));
      while (!rest.isEmpty()) {
        String option = rest.removeFirst();
        if (rest.isEmpty()) {
          throw new IllegalArgumentException(option + " needs a value, or is not known");
        }
        String value = rest.removeFirst();
        switch (option) {
          case "--state" -> state = Path.of(value).toAbsolutePath();
          case "--port" -> port = Integer.parseInt(value);
          case "--crds" -> definitions = Path.of(value);
          case "--operator" -> operator = Path.of(value).toAbsolutePath();
          case "--image" -> {
            int equals = value.indexOf('=');
            int colon = value.lastIndexOf(':');
            if (equals < 0 || colon < equals) {
              throw new IllegalArgumentException("--image: expected PATTERN=FOLDER:ENTRY");
            }
            Path folder = Path.of(value.substring(equals + 1, colon)).toAbsolutePath();
            images.put(value.substring(0, equals), new Image(folder, value.substring(colon + 1)));
          }
          default -> throw new IllegalArgumentException(option + " is not known");
        }
      }
      if (state == null) {
        throw new IllegalArgumentException("--state is missing");
      }
      return new Arguments(
          Settings.in(state).withPort(port).withImages(images), definitions, operator);
    }
  }
}
