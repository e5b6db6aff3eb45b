package dev.holdfast.operator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox as a program of its own. */
class MainTest {
  @TempDir Path folder;

  @Test
  void itsPodsEndWithItEvenWhenItIsKilled() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
    Path image = folder.resolve("image");
    Files.createDirectories(image.resolve("bin"));
    Path program = image.resolve("bin/shell");
    Files.writeString(program, "#!/bin/sh\nexec sleep 1000\n");
    program.toFile().setExecutable(true);
    Path state = folder.resolve("state");
    Process sandbox =
        start("--state", state.toString(), "--image", "lab/shell:*=" + image + ":shell");
    try {
      Path kubeconfig = state.resolve("kubeconfig");
      await().atMost(Lab.PATIENCE).until(() -> Files.exists(kubeconfig));
      long pid;
      try (var client =
          new KubernetesClientBuilder()
              .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
              .build()) {
        var yaml = Lab.pod("orphan", "", "").getBytes(StandardCharsets.UTF_8);
        var pods = client.pods().inNamespace("default");
        await()
            .atMost(Lab.PATIENCE)
            .ignoreExceptions()
            .until(() -> pods.load(new java.io.ByteArrayInputStream(yaml)).create() != null);
        await()
            .atMost(Lab.PATIENCE)
            .until(
                () ->
                    pods.withName("orphan").get().getStatus().getContainerStatuses().stream()
                        .anyMatch(one -> one.getState().getRunning() != null));
        String id =
            pods.withName("orphan")
                .get()
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getContainerID();
        pid = Long.parseLong(id.substring("process://".length()));
      }
      assertThat(ProcessHandle.of(pid)).isPresent();
      sandbox.destroyForcibly().waitFor();
      await()
          .atMost(Lab.PATIENCE)
          .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    } finally {
      sandbox.destroyForcibly();
    }
  }

  @Test
  void aMistakeInTheArgumentsEndsWithTheUsage() throws Exception {
    Process process = start("--sate", "x");
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(said).startsWith("--sate is not known").contains("usage: --state DIR");
  }

  @Test
  void anOrdinaryUserIsToldThatSizesAreNotEnforced() throws Exception {
    Process sandbox =
        start(List.of("-Duser.name=somebody"), "--state", folder.resolve("state").toString());
    try (var said = sandbox.inputReader()) {
      assertThat(said.lines().anyMatch(line -> line.startsWith("sizes of claims are not enforced")))
          .isTrue();
    } finally {
      sandbox.destroyForcibly();
    }
  }

  private static Process start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  private static Process start(List<String> options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).start();
  }
}
