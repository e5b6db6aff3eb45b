package dev.holdfast.operator.sandbox.api;

import dev.holdfast.operator.sandbox.http.Request;

/**
 * How to write.
 *
 * @param manager the field manager
 * @param subresource {@code status}, or empty
 * @param validation {@code Strict}, {@code Warn} or {@code Ignore} for unknown fields
 */
public record WriteOptions(
    String manager, String subresource, boolean dryRun, boolean force, String validation) {

  /** A write by one of the sandbox's own controllers. */
  public static WriteOptions by(String manager) {
    return new WriteOptions(manager, "", false, false, "Ignore");
  }

  /** The same for the status subresource. */
  public WriteOptions status() {
    return new WriteOptions(manager, "status", dryRun, force, validation);
  }

  static WriteOptions of(Request request, String subresource) {
    String agent = request.header("user-agent");
    String fallback = agent.isEmpty() ? "unknown" : agent.split("[/ ]", 2)[0];
    String validation = request.parameter("fieldValidation", "Warn");
    return new WriteOptions(
        request.parameter("fieldManager", fallback),
        subresource,
        request.parameter("dryRun", "").equals("All"),
        request.flag("force"),
        validation);
  }
}
