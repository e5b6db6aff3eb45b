package dev.holdfast.operator.sandbox.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What a container needs from the pod and the node around it. */
interface PodHost {
  /** The pod as it is now. */
  ObjectNode pod();

  /** The pod's address. */
  String address();

  /** A container's own folder, for logs and the termination message. */
  Path folder(JsonNode container);

  /** The environment, before paths are rewritten. */
  Map<String, String> variables(JsonNode container) throws Variables.Missing;

  /** Where each path of the container is on this machine. */
  Map<String, Path> paths(JsonNode container);

  /** The images. */
  Images images();

  /** Starts processes. */
  Processes processes();

  /** The first wait before a restart. */
  Duration restartBackOff();

  /** Something about the container changed. */
  void changed();

  /** Notes an event about the pod. */
  void event(String type, String reason, String message);
}
