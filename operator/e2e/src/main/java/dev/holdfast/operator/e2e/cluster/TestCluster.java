package dev.holdfast.operator.e2e.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * A Kubernetes with Holdfast installed, and what differs between one and another: how to reach a
 * pod, kill a process, touch a volume, take the operator or the API server away. Scenarios use
 * nothing else of it, so they run unchanged on each.
 */
public interface TestCluster extends AutoCloseable {

  /**
   * What not every cluster can do; a scenario that needs one of them says so and is skipped, and
   * counted, elsewhere.
   */
  enum Ability {
    /** A volume that is really full: its size is enforced by a file system. */
    FULL_VOLUME,
    /** The API server can be taken away for a while. */
    API_OUTAGE,
    /** A second operator can run beside the first. */
    SECOND_OPERATOR,
    /** A container that takes more memory than its limit is killed. */
    MEMORY_LIMIT,
    /** A container's process can be stopped before its first instruction of ours. */
    HOLD_AT_START
  }

  /**
   * The cluster that the system property {@code holdfast.cluster} asks for: {@code sandbox}
   * (default), {@code kubeconfig} (the cluster that {@code KUBECONFIG} names, whose node is this
   * machine) or {@code k3s} (Testcontainers).
   */
  static TestCluster fromProperties() {
    var kind = System.getProperty("holdfast.cluster", "sandbox");
    return switch (kind) {
      case "sandbox" -> SandboxCluster.start();
      case "kubeconfig" -> KubeconfigCluster.connect();
      case "k3s" -> K3sCluster.start();
      default ->
          throw new IllegalArgumentException(
              "-Dholdfast.cluster: expected sandbox, kubeconfig or k3s, found " + kind);
    };
  }

  String kind();

  Set<Ability> abilities();

  /** A client with all rights. */
  KubernetesClient client();

  /** Where this process reaches a port of a running pod. */
  InetSocketAddress reach(String namespace, String pod, int port);

  /** Ends the store's server process with SIGKILL, as the kernel would when memory is short. */
  void kill(String namespace, String pod);

  /**
   * Stops (SIGSTOP) a starting pod's process before it handles signals, and lets it go on when the
   * handle is closed. A process that was quicker is killed, and its next start is tried.
   */
  default AutoCloseable holdAtStart(String namespace, String pod) {
    throw new UnsupportedOperationException("processes are not held on " + kind());
  }

  /**
   * Works on the files of a claim's volume. The store has to be stopped, or the work must not
   * change a file that the server holds open.
   */
  void onVolume(String namespace, String claim, VolumeWork work);

  /** Ends the operator and returns when it is gone. */
  void stopOperator();

  /** Starts the operator again. */
  void startOperator();

  /** Starts a second operator beside the first, which ends when the returned handle is closed. */
  AutoCloseable secondOperator();

  /** Takes the API server away until the returned handle is closed. */
  AutoCloseable apiOutage();

  @Override
  void close();

  /** What is done with a volume's files. */
  interface VolumeWork {
    void on(VolumeFiles files) throws Exception;
  }
}
