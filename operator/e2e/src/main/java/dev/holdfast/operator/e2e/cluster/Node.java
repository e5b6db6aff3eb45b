package dev.holdfast.operator.e2e.cluster;

/** A shell on the machine that is a cluster's only node. */
interface Node {
  /**
   * Runs a shell script as root.
   *
   * @return what it printed
   * @throws IllegalStateException with what it printed, when it ends with another code than 0
   */
  String run(String script);

  /** The folder with the volumes' backing files of {@code shared/cluster}, as the node sees it. */
  String volumeImages();
}
