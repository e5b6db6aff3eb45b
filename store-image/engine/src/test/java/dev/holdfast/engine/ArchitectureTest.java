package dev.holdfast.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The walls between the engine's packages. */
class ArchitectureTest {
  private static final String ENGINE = "dev.holdfast.engine.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.holdfast.engine");

  @Test
  void clock_and_agent_stand_on_nothing() {
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE + "clock..", ENGINE + "agent..")
        .should()
        .dependOnClassesThat(engineOutside("clock", "agent"))
        .check(CLASSES);
  }

  @Test
  void memory_stands_on_nothing() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE + "memory..")
        .should()
        .dependOnClassesThat(engineOutside("memory"))
        .check(CLASSES);
  }

  @Test
  void the_keyspace_knows_memory_and_time_and_nothing_of_commands_clients_sockets_or_files() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE + "keyspace..")
        .should()
        .dependOnClassesThat(engineOutside("keyspace", "memory", "clock"))
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.util.concurrent..")
        .check(CLASSES);
  }

  @Test
  void sockets_know_memory_only() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE + "net..")
        .should()
        .dependOnClassesThat(engineOutside("net", "memory"))
        .check(CLASSES);
  }

  @Test
  void the_protocol_knows_memory_only() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE + "protocol..")
        .should()
        .dependOnClassesThat(engineOutside("protocol", "memory"))
        .check(CLASSES);
  }

  @Test
  void clients_know_the_protocol_and_nothing_of_sockets_commands_or_keys() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE + "client..")
        .should()
        .dependOnClassesThat(engineOutside("client", "protocol", "memory", "clock"))
        .check(CLASSES);
  }

  @Test
  void the_loop_executes_commands_and_ends_iterations_of_the_log_without_knowing_either() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE + "loop..")
        .should()
        .dependOnClassesThat(
            engineOutside(
                    "loop", "net", "protocol", "client", "keyspace", "memory", "clock", "agent")
                .and(
                    DescribedPredicate.describe(
                        "are not the log's interface",
                        type -> !type.getName().equals(ENGINE + "aof.EffectLog"))))
        .check(CLASSES);
  }

  @Test
  void sockets_are_opened_in_net_and_by_the_health_server_only() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ENGINE + "net..", ENGINE + "health..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.(net|nio\\.channels)\\..*(Socket|Selector).*")
        .check(CLASSES);
  }

  @Test
  void only_memory_makes_addresses_into_memory() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ENGINE + "memory..")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "reinterpret a memory segment",
                call ->
                    call.getTargetOwner().isEquivalentTo(MemorySegment.class)
                        && call.getTarget().getName().equals("reinterpret")))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("sun.misc.Unsafe")
        .check(CLASSES);
  }

  /**
   * Beside storage: what reads configuration, the health server on its own thread, the process's
   * start, sockets that have a name in the file system, and the kernel's facts in /proc.
   */
  @Test
  void disks_are_touched_through_storage_only() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ENGINE + "storage..",
            ENGINE + "config..",
            ENGINE + "health..",
            ENGINE + "server..",
            ENGINE + "net..")
        .and()
        .doNotHaveFullyQualifiedName(ENGINE + "info.ProcessFacts")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.channels.FileChannel")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(File|Random|Reader|Writer).*")
        .check(CLASSES);
  }

  @Test
  void time_comes_from_the_clock() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ENGINE + "clock..")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> engineOutside(String... packages) {
    return DescribedPredicate.describe(
        "are in another package of the engine than " + String.join(", ", packages),
        type -> {
          if (!type.getPackageName().startsWith(ENGINE)) {
            return false;
          }
          for (String allowed : packages) {
            if (type.getPackageName().startsWith(ENGINE + allowed)) {
              return false;
            }
          }
          return true;
        });
  }
}
