package dev.holdfast.operator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod's containers go through as processes. */
class PodLifeTest {
  @TempDir static Path folder;
  static Lab lab;

  @BeforeAll
  static void start() throws IOException {
    lab = new Lab(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    lab.close();
  }

  @Test
  void aProcessThatIsKilledIsStartedAgainAndTheStatusSaysWhatHappened() throws IOException {
    lab.run("killed", "echo up; sleep 1000");
    lab.awaitContainer("killed", one -> one.getReady());
    ProcessHandle process = lab.sandbox.process("default", "killed", "main");
    process.destroyForcibly();
    lab.awaitContainer("killed", one -> one.getRestartCount() == 1 && one.getReady());
    var last = lab.container("killed").getLastState().getTerminated();
    assertThat(last.getExitCode()).isEqualTo(137);
    assertThat(last.getReason()).isEqualTo("Error");
    assertThat(lab.sandbox.process("default", "killed", "main").pid()).isNotEqualTo(process.pid());
  }

  @Test
  void kubectlShowsItsLog() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/kubectl")), "kubectl is not installed");
    lab.run("talking", "echo one; echo two; sleep 1000");
    lab.awaitLog("talking", "two");
    assertThat(kubectl("logs", "talking")).isEqualTo("one\ntwo\n");
    assertThat(kubectl("logs", "talking", "--tail=1")).isEqualTo("two\n");
    assertThat(kubectl("logs", "nobody")).contains("pods \"nobody\" not found");
  }

  @Test
  void whatHoldfastDoesNotUseIsAnsweredWith501() {
    assertThatThrownBy(() -> lab.client.apps().deployments().inNamespace("default").list())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(501);
              assertThat(e.getStatus().getMessage())
                  .contains("deployments: the sandbox has only what Holdfast uses");
            });
  }

  private static String kubectl(String... arguments) throws Exception {
    var builder = new ProcessBuilder("timeout", "60", "/usr/bin/kubectl", "-n", "default");
    builder.command().addAll(List.of(arguments));
    builder.environment().put("KUBECONFIG", lab.sandbox.kubeconfig().toString());
    var process = builder.redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void whatAProcessStartedEndsWithIt() throws IOException {
    lab.run("parent", "sleep 1000 & echo child=$!; wait");
    lab.awaitLog("parent", "child=");
    long child = Long.parseLong(lab.log("parent").replaceAll("(?s).*child=(\\d+).*", "$1"));
    assertThat(ProcessHandle.of(child)).isPresent();
    lab.sandbox.process("default", "parent", "main").destroyForcibly();
    await()
        .atMost(Lab.PATIENCE)
        .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void aContainerThatKeepsEndingIsBackedOff() throws IOException {
    lab.run("crashing", "echo oops; exit 3");
    lab.awaitContainer(
        "crashing",
        one ->
            one.getRestartCount() >= 2
                && one.getState().getWaiting() != null
                && "CrashLoopBackOff".equals(one.getState().getWaiting().getReason()));
    assertThat(lab.container("crashing").getLastState().getTerminated().getExitCode()).isEqualTo(3);
    assertThat(lab.pod("crashing").getStatus().getPhase()).isEqualTo("Running");
    assertThat(Lab.ready(lab.pod("crashing"))).isFalse();
    assertThat(lab.log("crashing")).contains("oops");
  }

  @Test
  void aPodThatIsNotRestartedEndsWithItsMessage() throws IOException {
    lab.make(
        Lab.pod(
            "once",
            "echo cut 9 bytes > $HOLDFAST_TERMINATION_LOG; exit 4",
            "  restartPolicy: Never"));
    lab.awaitPod("once", pod -> pod.getStatus().getPhase().equals("Failed"));
    var end = lab.container("once").getState().getTerminated();
    assertThat(end.getExitCode()).isEqualTo(4);
    assertThat(end.getMessage()).isEqualTo("cut 9 bytes\n");
  }

  @Test
  void anEnvironmentComesFromThePodItsMapsAndItsSecrets() throws IOException {
    lab.make(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {mode: fast}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: keys}
        stringData: {password: hush}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: env, annotations: {store.holdfast.dev/grant: abc}}
        spec:
          containers:
          - name: main
            image: lab/shell:1
            args: ["env; echo args=$2; sleep 1000", "$(MODE)-$$(MODE)"]
            resources: {limits: {memory: 2Gi}}
            env:
            - {name: MODE, valueFrom: {configMapKeyRef: {name: settings, key: mode}}}
            - {name: PASSWORD, valueFrom: {secretKeyRef: {name: keys, key: password}}}
            - {name: GRANT, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['store.holdfast.dev/grant']"}}}
            - {name: UID_OF_POD, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
            - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
            - {name: BOTH, value: "$(MODE)/$(PASSWORD)"}
        """);
    lab.awaitLog("env", "args=");
    var pod = lab.pod("env");
    assertThat(lab.log("env").lines())
        .contains(
            "MODE=fast",
            "PASSWORD=hush",
            "GRANT=abc",
            "UID_OF_POD=" + pod.getMetadata().getUid(),
            "IP=" + pod.getStatus().getPodIP(),
            "HOLDFAST_BIND=" + pod.getStatus().getPodIP(),
            "MEMORY=2048",
            "BOTH=fast/hush",
            "args=fast-$(MODE)");
  }

  @Test
  void aMissingMapIsToldAndWaitedFor() throws IOException {
    lab.make(
        Lab.pod(
            "waiting",
            "echo found $X; sleep 1000",
            "    env: [{name: X, valueFrom: {configMapKeyRef: {name: later, key: x}}}]"));
    lab.awaitContainer(
        "waiting",
        one ->
            one.getState().getWaiting() != null
                && "CreateContainerConfigError".equals(one.getState().getWaiting().getReason()));
    assertThat(lab.container("waiting").getState().getWaiting().getMessage())
        .isEqualTo("configmap \"later\" not found");
    lab.make("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: later}\ndata: {x: it}\n");
    lab.awaitLog("waiting", "found it");
  }

  @Test
  void aChangedMapReachesTheFileAtOnceWhenThePodIsAnnotated() throws IOException {
    lab.make(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: conf}
        data: {redis.conf: "appendfsync everysec", old.conf: x}
        """);
    lab.make(
        Lab.pod(
            "files",
            "echo $FILE; sleep 1000",
            """
                env: [{name: FILE, value: /etc/holdfast/redis.conf}]
                volumeMounts: [{name: conf, mountPath: /etc/holdfast}]
              volumes: [{name: conf, configMap: {name: conf}}]
            """
                .indent(0)));
    lab.awaitLog("files", "redis.conf");
    Path file = Path.of(lab.log("files").strip());
    assertThat(Files.readString(file)).isEqualTo("appendfsync everysec");
    lab.client
        .configMaps()
        .inNamespace("default")
        .withName("conf")
        .edit(
            map ->
                new ConfigMapBuilder(map)
                    .withData(Map.of("redis.conf", "appendfsync always"))
                    .build());
    lab.client
        .pods()
        .inNamespace("default")
        .withName("files")
        .edit(
            pod ->
                new PodBuilder(pod)
                    .editMetadata()
                    .addToAnnotations("x", "y")
                    .endMetadata()
                    .build());
    await().atMost(Lab.PATIENCE).until(() -> Files.readString(file).equals("appendfsync always"));
    assertThat(file.resolveSibling("old.conf")).doesNotExist();
  }

  @Test
  void aPodIsAskedToEndAndGivenTime() throws IOException {
    Path witness = folder.resolve("witness");
    lab.run(
        "graceful",
        "trap 'echo bye > " + witness + "; exit 0' TERM; echo up; while true; do sleep 0.1; done");
    lab.awaitLog("graceful", "up");
    lab.client.pods().inNamespace("default").withName("graceful").delete();
    await().atMost(Lab.PATIENCE).until(() -> lab.pod("graceful") == null);
    assertThat(witness).hasContent("bye");
  }

  @Test
  void aPodThatDoesNotEndIsEnded() throws IOException {
    lab.run("stubborn", "trap '' TERM; echo up; while true; do sleep 0.1; done");
    lab.awaitLog("stubborn", "up");
    ProcessHandle process = lab.sandbox.process("default", "stubborn", "");
    lab.client.pods().inNamespace("default").withName("stubborn").delete();
    await().atMost(Lab.PATIENCE).until(() -> lab.pod("stubborn") == null);
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void aContainerWhoseLivenessFailsIsStartedAgain() throws IOException {
    Path healthy = Files.writeString(folder.resolve("healthy"), "");
    lab.make(
        Lab.pod(
            "alive",
            "echo up; sleep 1000",
            "    livenessProbe: {exec: {command: [test, -e, "
                + healthy
                + "]}, periodSeconds: 1, failureThreshold: 2}"));
    lab.awaitContainer("alive", one -> one.getReady() && one.getRestartCount() == 0);
    Files.delete(healthy);
    lab.awaitContainer("alive", one -> one.getRestartCount() >= 1);
    assertThat(lab.client.v1().events().inNamespace("default").list().getItems())
        .anyMatch(
            event ->
                event.getReason().equals("Unhealthy")
                    && event.getInvolvedObject().getName().equals("alive")
                    && event.getMessage().startsWith("Liveness probe failed"));
  }

  @Test
  void anUnknownImageIsTold() throws IOException {
    lab.make(Lab.pod("imageless", "true", "").replace("lab/shell:1", "somebody/else:1"));
    lab.awaitContainer(
        "imageless",
        one ->
            one.getState().getWaiting() != null
                && "ErrImagePull".equals(one.getState().getWaiting().getReason()));
    assertThat(lab.container("imageless").getState().getWaiting().getMessage())
        .contains("somebody/else:1")
        .contains("--image");
  }

  @Test
  void aServiceLeadsToAReadyPodOverHttp() throws IOException, InterruptedException {
    lab.make(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
        """);
    lab.make(
        Lab.pod(
            "web",
            "exec \"$JAVA_HOME/bin/jwebserver\" -b $HOLDFAST_BIND -p 8080 -d \"$PWD\"",
            """
                ports: [{name: http, containerPort: 8080}]
                startupProbe: {httpGet: {path: /, port: http}, periodSeconds: 1, failureThreshold: 60}
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
            """
                .indent(0)));
    lab.awaitPod("web", Lab::ready);
    String address =
        lab.client.services().inNamespace("default").withName("web").get().getSpec().getClusterIP();
    assertThat(address).startsWith("127.");
    try (var http = java.net.http.HttpClient.newHttpClient()) {
      var request =
          java.net.http.HttpRequest.newBuilder(java.net.URI.create("http://" + address + "/"))
              .build();
      await()
          .atMost(Lab.PATIENCE)
          .ignoreExceptions()
          .until(
              () ->
                  http.send(request, java.net.http.HttpResponse.BodyHandlers.discarding())
                          .statusCode()
                      == 200);
    }
  }
}
