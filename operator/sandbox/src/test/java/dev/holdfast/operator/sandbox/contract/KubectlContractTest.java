package dev.holdfast.operator.sandbox.contract;

import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.configMap;
import static dev.holdfast.operator.sandbox.contract.ClusterUnderTest.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people type. */
class KubectlContractTest {
  @RegisterExtension static final ClusterUnderTest cluster = new ClusterUnderTest();

  @TempDir Path folder;

  @BeforeAll
  static void needsKubectl() {
    boolean installed =
        java.util.Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, "kubectl")));
    assumeTrue(installed, "kubectl is not installed");
  }

  @Test
  void applyGetAndDelete() throws Exception {
    Path file = write("one.json", sample("one", "{\"size\": \"1Gi\"}"));
    assertThat(kubectl("apply", "-f", file.toString()))
        .contains("sample.test.holdfast.dev/one created");
    assertThat(kubectl("apply", "-f", file.toString())).contains("one unchanged");
    write("one.json", sample("one", "{\"size\": \"2Gi\"}"));
    assertThat(kubectl("apply", "-f", file.toString())).contains("one configured");
    assertThat(kubectl("get", "smp", "one")).matches("(?s)NAME +SIZE +READY +AGE\\s+one +2Gi +.*");
    assertThat(kubectl("get", "smp", "one", "-o", "jsonpath={.spec.size}")).isEqualTo("2Gi");
    assertThat(kubectl("delete", "-f", file.toString())).contains("\"one\" deleted");
  }

  @Test
  void applyOnTheServer() throws Exception {
    Path file = write("map.json", configMap("served", "{\"k\": \"v\"}"));
    assertThat(kubectl("apply", "--server-side", "-f", file.toString()))
        .contains("configmap/served serverside-applied");
    assertThat(kubectl("get", "cm", "served", "-o", "yaml", "--show-managed-fields"))
        .contains("manager: kubectl")
        .contains("f:k: {}");
  }

  @Test
  void createWithoutAFile() throws Exception {
    assertThat(kubectl("create", "cm", "made", "--from-literal=k=v")).contains("made created");
    assertThat(kubectl("get", "cm", "made", "-o", "jsonpath={.data.k}")).isEqualTo("v");
    assertThat(kubectl("create", "secret", "generic", "kept", "--from-literal=k=v"))
        .contains("kept created");
    assertThat(kubectl("get", "secret", "kept", "-o", "jsonpath={.data.k}")).isEqualTo("dg==");
    assertThat(kubectl("auth", "can-i", "create", "samples")).contains("yes");
  }

  @Test
  void aMistakeIsExplained() throws Exception {
    Path file = write("bad.json", sample("bad", "{\"size\": \"1Gi\", \"sise\": \"2Gi\"}"));
    assertThat(kubectl("apply", "-f", file.toString())).contains("unknown field \"spec.sise\"");
  }

  @Test
  void describeEditAndExplain() throws Exception {
    kubectl("apply", "-f", write("d.json", configMap("described", "{\"k\": \"v\"}")).toString());
    assertThat(kubectl("describe", "cm", "described")).contains("Name:").contains("described");
    Path editor = write("editor", "#!/bin/sh\nsed -i 's/k: v/k: edited/' \"$1\"\n");
    editor.toFile().setExecutable(true);
    assertThat(kubectl("edit", "cm", "described")).contains("described edited");
    assertThat(kubectl("get", "cm", "described", "-o", "jsonpath={.data.k}")).isEqualTo("edited");
    assertThat(kubectl("explain", "samples.spec.size")).contains("size");
  }

  @Test
  void describeEditAndDeleteAResourceOfOurOwn() throws Exception {
    kubectl("apply", "-f", write("o.json", sample("own", "{\"size\": \"1Gi\"}")).toString());
    assertThat(kubectl("describe", "smp", "own"))
        .containsPattern("Name: +own")
        .containsPattern("Size: +1Gi")
        .contains("Events:");
    Path editor = write("editor", "#!/bin/sh\nsed -i 's/size: 1Gi/size: 2Gi/' \"$1\"\n");
    editor.toFile().setExecutable(true);
    assertThat(kubectl("edit", "smp", "own")).contains("own edited");
    assertThat(kubectl("get", "smp", "own", "-o", "jsonpath={.spec.size}")).isEqualTo("2Gi");
    write("editor", "#!/bin/sh\nsed -i 's/size: 2Gi/size: 7/' \"$1\"\n");
    assertThat(kubectl("edit", "smp", "own")).contains("\"own\" is invalid");
    assertThat(kubectl("get", "smp", "own", "-o", "jsonpath={.spec.size}")).isEqualTo("2Gi");
    assertThat(kubectl("delete", "smp", "own", "--wait")).contains("\"own\" deleted");
    assertThat(kubectl("get", "smp", "own")).contains("\"own\" not found");
  }

  @Test
  void waitForACondition() throws Exception {
    kubectl("apply", "-f", write("w.json", sample("waited", "{\"size\": \"1Gi\"}")).toString());
    cluster
        .api()
        .patch(
            cluster.samples() + "/waited/status",
            Api.MERGE,
            "{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}}");
    assertThat(kubectl("wait", "smp/waited", "--for=condition=Ready", "--timeout=20s"))
        .contains("condition met");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** What kubectl says on either stream. */
  private String kubectl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("timeout", "60", "kubectl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("KUBE_EDITOR", folder.resolve("editor").toString());
    builder.command().addAll(List.of("-n", cluster.namespace(), "--cache-dir", folder + "/cache"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
