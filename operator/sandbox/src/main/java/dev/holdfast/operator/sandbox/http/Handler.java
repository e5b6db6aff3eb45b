package dev.holdfast.operator.sandbox.http;

import java.io.IOException;

/** Answers requests; called on a virtual thread per connection. */
@FunctionalInterface
public interface Handler {
  /** Answers one request. An {@link IOException} means that the client is gone. */
  void handle(Request request, Response response) throws IOException, InterruptedException;
}
