package dev.holdfast.operator.sandbox.api;

import dev.holdfast.operator.sandbox.http.Request;
import dev.holdfast.operator.sandbox.http.Response;
import java.io.IOException;

/** A part of an object that is more than a document, such as a pod's log. */
@FunctionalInterface
public interface Subresource {
  /** Answers a request for it. */
  void handle(Request request, Response response, String namespace, String name)
      throws IOException, InterruptedException;
}
