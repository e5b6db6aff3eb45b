package dev.holdfast.formats;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses FORMATS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.holdfast.formats");

  @Test
  void formatsDependOnTheJavaPlatformOnly() {
    classes()
        .that()
        .resideInAPackage("dev.holdfast.formats..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.holdfast.formats..",
            "java.io",
            "java.lang..",
            "java.nio..",
            "java.security",
            "java.time..",
            "java.util..")
        .check(FORMATS);
  }

  @Test
  void formatsHaveNoThreadsAndNoSockets() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.(Thread|ThreadLocal|ProcessBuilder)|java\\.util\\.Timer.*")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.nio\\.channels\\..*(Socket|Datagram|Selector).*")
        .check(FORMATS);
  }

  @Test
  void formatsAskNoClockOfTheirOwn() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(FORMATS);
  }

  @Test
  void readingAndWritingKnowNothingOfJudging() {
    noClasses()
        .that()
        .resideInAnyPackage("..offheap..", "..aof..", "..rdb..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..check..")
        .check(FORMATS);
    noClasses()
        .that()
        .resideInAPackage("..offheap..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..aof..", "..rdb..")
        .check(FORMATS);
  }
}
