package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Two forms of one object: as it is stored and as one API group shows it. */
public interface View {
  /** The form that is stored. */
  View SAME = new View() {};

  /** From the stored form. */
  default ObjectNode show(ObjectNode stored) {
    return stored;
  }

  /** To the stored form. */
  default ObjectNode take(ObjectNode shown) {
    return shown;
  }
}
