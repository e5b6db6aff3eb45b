package dev.holdfast.tools;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses TOOLS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.holdfast.tools");

  @Test
  void toolsDoNotGoInCircles() {
    slices().matching("dev.holdfast.tools.(*)..").should().beFreeOfCycles().check(TOOLS);
  }

  @Test
  void salvageReadsFormatsAndKnowsNoServer() {
    noClasses()
        .that()
        .resideInAnyPackage("..tools.salvage..", "..tools.process..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.holdfast.engine..")
        .check(TOOLS);
  }

  @Test
  void checkingSharesOnlyTheLockWithTheServer() {
    noClasses()
        .that()
        .resideInAPackage("..tools.check..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.holdfast.engine.config..",
            "dev.holdfast.engine.health..",
            "dev.holdfast.engine.persistence..",
            "dev.holdfast.engine.server..")
        .check(TOOLS);
  }
}
