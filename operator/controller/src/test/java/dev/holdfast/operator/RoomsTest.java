package dev.holdfast.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls between the rooms: observe, decide, act, report, in this direction and no other. */
class RoomsTest {

  private static final JavaClasses OPERATOR =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.holdfast.operator");

  @Test
  void observingKnowsNoOtherRoom() {
    noClasses()
        .that()
        .resideInAPackage("..observe..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..decide..", "..act..", "..report..")
        .check(OPERATOR);
  }

  @Test
  void decidingKnowsOnlyWhatWasObserved() {
    noClasses()
        .that()
        .resideInAPackage("..decide..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..act..", "..report..", "dev.holdfast.operator.redis..")
        .check(OPERATOR);
  }

  @Test
  void decidingIsPure() {
    noClasses()
        .that()
        .resideInAPackage("..decide..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.net..",
            "java.nio.file..",
            "java.util.concurrent..",
            "io.fabric8.kubernetes.client..",
            "io.javaoperatorsdk..",
            "org.slf4j..",
            "jakarta..")
        .check(OPERATOR);
    noClasses()
        .that()
        .resideInAPackage("..decide..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(OPERATOR);
  }

  @Test
  void actingAndReportingDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("..act..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..report..")
        .check(OPERATOR);
    noClasses()
        .that()
        .resideInAPackage("..report..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..act..")
        .check(OPERATOR);
  }

  @Test
  void theProtocolsKnowNothingOfKubernetes() {
    classes()
        .that()
        .resideInAPackage("dev.holdfast.operator.redis..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "dev.holdfast.operator.redis..")
        .check(OPERATOR);
  }

  @Test
  void theOperatorDoesNotKnowTheEngine() {
    noClasses()
        .that()
        .resideInAPackage("dev.holdfast.operator..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.holdfast.formats..", "dev.holdfast.engine..", "dev.holdfast.tools..")
        .check(OPERATOR);
  }
}
