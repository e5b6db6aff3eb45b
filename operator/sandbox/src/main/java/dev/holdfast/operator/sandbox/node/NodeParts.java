package dev.holdfast.operator.sandbox.node;

import dev.holdfast.operator.sandbox.controllers.Cluster;
import dev.holdfast.operator.sandbox.volumes.Volumes;
import java.nio.file.Path;
import java.time.Duration;

/** What all pods of the node share. */
record NodeParts(
    Cluster cluster,
    Path state,
    Addresses addresses,
    Volumes volumes,
    Images images,
    Processes processes,
    Duration restartBackOff) {}
