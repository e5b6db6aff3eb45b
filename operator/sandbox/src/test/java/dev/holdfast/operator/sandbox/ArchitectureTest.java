package dev.holdfast.operator.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses SANDBOX =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.holdfast.operator.sandbox");

  @Test
  void packagesDoNotGoInCircles() {
    slices()
        .matching("dev.holdfast.operator.sandbox.(*)..")
        .should()
        .beFreeOfCycles()
        .check(SANDBOX);
  }

  @Test
  void theApiServerKnowsNoNodeAndNoController() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..sandbox.api..", "..sandbox.kinds..", "..sandbox.schema..", "..sandbox.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..sandbox.node..", "..sandbox.controllers..", "..sandbox.volumes..")
        .check(SANDBOX);
  }
}
