package dev.holdfast.operator.e2e;

import dev.holdfast.operator.api.v1alpha1.SchemaContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the schema accepts and refuses, and its words, on whichever API server the run has. */
class SchemaTest extends Scenario {
  @TestFactory
  Stream<DynamicTest> theApiServerAcceptsAndRefuses() {
    return SchemaContract.cases().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.name(), () -> SchemaContract.check(each, cluster().client(), namespace)));
  }

  @Test
  void theApiServerFillsInTheDefaults() {
    SchemaContract.checkDefaults(cluster().client(), namespace);
  }
}
