package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.schema.Problem;
import java.util.List;

/** What one kind does beyond what all do: defaults, values it fills in, and what may not change. */
public interface Rules {
  /** A kind without rules of its own. */
  Rules NONE = new Rules() {};

  /** Fills in what a real server fills in when an object is read from a request. */
  default void fillIn(ObjectNode object) {}

  /** Sets what only the server sets when an object is made. */
  default void onCreate(ObjectNode object) {}

  /** Keeps what a client cannot change by an update. */
  default void onUpdate(ObjectNode before, ObjectNode after) {}

  /**
   * Says what is wrong with an object.
   *
   * @param before null when it is made
   */
  default List<Problem> validate(ObjectNode before, ObjectNode after) {
    return List.of();
  }
}
