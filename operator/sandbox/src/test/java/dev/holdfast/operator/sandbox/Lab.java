package dev.holdfast.operator.sandbox;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A sandbox with one image, {@code lab/shell}, whose program runs its first argument as a script.
 */
final class Lab implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(40);

  final Sandbox sandbox;
  final KubernetesClient client;

  Lab(Path folder) throws IOException {
    Path image = folder.resolve("image");
    Files.createDirectories(image.resolve("bin"));
    Path program = image.resolve("bin/shell");
    Files.writeString(program, "#!/bin/sh\nexec sh -c \"$1\" shell \"$@\"\n");
    program.toFile().setExecutable(true);
    sandbox =
        Sandbox.start(
            Settings.in(folder.resolve("state"))
                .withRestartBackOff(Duration.ofMillis(300))
                .withImages(Map.of("lab/shell:*", new Settings.Image(image, "shell"))));
    Config config = Config.fromKubeconfig(sandbox.kubeconfig().toFile());
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  /** Makes objects of YAML. */
  void make(String yaml) throws IOException {
    try (var text =
        new java.io.ByteArrayInputStream(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
      client
          .load(text)
          .items()
          .forEach(item -> client.resource(item).inNamespace("default").create());
    }
  }

  /** Makes a pod that runs a script. */
  void run(String name, String script) throws IOException {
    make(pod(name, script, ""));
  }

  static String pod(String name, String script, String more) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: %s}}
        spec:
          terminationGracePeriodSeconds: 2
          containers:
          - name: main
            image: lab/shell:1
            args: [%s]
        %s
        """
        .formatted(
            name, name, '"' + script.replace("\\", "\\\\").replace("\"", "\\\"") + '"', more);
  }

  Pod pod(String name) {
    return client.pods().inNamespace("default").withName(name).get();
  }

  ContainerStatus container(String pod) {
    return pod(pod).getStatus().getContainerStatuses().getFirst();
  }

  String log(String pod) {
    return client.pods().inNamespace("default").withName(pod).getLog();
  }

  void awaitPod(String name, Predicate<Pod> condition) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              Pod pod = pod(name);
              return pod != null
                  && pod.getStatus() != null
                  && !pod.getStatus().getContainerStatuses().isEmpty()
                  && condition.test(pod);
            });
  }

  void awaitContainer(String pod, Predicate<ContainerStatus> condition) {
    awaitPod(pod, one -> condition.test(one.getStatus().getContainerStatuses().getFirst()));
  }

  void awaitLog(String pod, String text) {
    awaitPod(pod, one -> true);
    await().atMost(PATIENCE).until(() -> log(pod).contains(text));
  }

  static boolean ready(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(one -> one.getType().equals("Ready") && one.getStatus().equals("True"));
  }

  @Override
  public void close() throws IOException {
    client.close();
    sandbox.close();
  }
}
