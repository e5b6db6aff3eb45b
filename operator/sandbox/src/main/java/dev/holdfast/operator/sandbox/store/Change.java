package dev.holdfast.operator.sandbox.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One write.
 *
 * @param revision the resource version it got
 * @param collection where, as {@code <plural>.<group>}
 * @param object the object after the write; as it was last when it was deleted
 * @param previous the object before the write; null when it was added
 */
public record Change(
    long revision, String collection, Kind kind, ObjectNode object, ObjectNode previous) {

  /** What a write did. */
  public enum Kind {
    ADDED,
    MODIFIED,
    DELETED
  }
}
