package launcher.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What the module graph cannot say: which module may use which door to the outside. */
final class ArchitectureTest {
  /** Well under what there is; a scan that saw fewer looked at the wrong folders. */
  private static final int FEWEST_CLASSES = 300;

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final JavaClasses LAUNCHER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPaths(
              List.of(
                  ROOT.resolve("schemas/target/classes"),
                  ROOT.resolve("drivers/plan/target/classes"),
                  ROOT.resolve("drivers/qemu/target/classes"),
                  ROOT.resolve("drivers/lxc/target/classes"),
                  ROOT.resolve("drivers/openvz/target/classes"),
                  ROOT.resolve("drivers/dnsmasq/target/classes"),
                  ROOT.resolve("launcher/spawn/target/classes"),
                  ROOT.resolve("launcher/engine/target/classes"),
                  ROOT.resolve("launcher/control/target/classes"),
                  ROOT.resolve("launcher/daemon/target/classes"),
                  ROOT.resolve("launcher/cli/target/classes")));

  @Test
  void seesTheWholeProgram() {
    assertTrue(
        LAUNCHER.size() >= FEWEST_CLASSES,
        "saw only " + LAUNCHER.size() + " classes under " + ROOT);
  }

  @Test
  void processesAreStartedBySpawnOnly() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("launcher.spawn.DetachedProgram") // says why itself
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .orShould()
            .callMethod(Runtime.class, "exec", String[].class)
            .orShould()
            .callMethod(Runtime.class, "exec", String.class)
            .because("launcher.spawn.Spawner is the one door to a process"));
  }

  @Test
  void driversTouchNothing() {
    check(
        noClasses()
            .that()
            .resideInAPackage("launcher.drivers..")
            .and()
            // domxml-to-native is a tool of its own: it reads a host's profile and XML files, and
            // no daemon uses it
            .resideOutsideOfPackages("launcher.drivers.qemu.host..", "launcher.drivers.qemu.tool..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                "java\\.nio\\.file\\.Files|java\\.io\\.(File|FileInputStream|FileOutputStream|RandomAccessFile)"
                    + "|java\\.net\\.(Socket|ServerSocket)|java\\.util\\.Random|java\\.security\\.SecureRandom")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("a driver computes a plan; the engine reads the host and carries plans out"));
  }

  @Test
  void driversDoNotSeeOneAnother() {
    for (String driver : List.of("qemu", "lxc", "openvz", "dnsmasq")) {
      check(
          noClasses()
              .that()
              .resideInAPackage("launcher.drivers." + driver + "..")
              .should()
              .dependOnClassesThat(
                  resideInAPackage("launcher.drivers..")
                      .and(
                          JavaClass.Predicates.resideOutsideOfPackages(
                              "launcher.drivers." + driver + "..", "launcher.drivers.plan.."))));
    }
  }

  @Test
  void dependenciesRunOneWay() {
    below(
        "launcher.spawn..",
        "launcher.schemas..",
        "launcher.drivers..",
        "launcher.engine..",
        "launcher.daemon..",
        "launcher.cli..",
        "launcher.control..");
    below(
        "launcher.schemas..",
        "launcher.spawn..",
        "launcher.drivers..",
        "launcher.engine..",
        "launcher.daemon..",
        "launcher.cli..",
        "launcher.control..");
    below(
        "launcher.drivers..",
        "launcher.engine..",
        "launcher.daemon..",
        "launcher.cli..",
        "launcher.control..");
    below("launcher.engine..", "launcher.daemon..", "launcher.cli..", "launcher.control..");
    below(
        "launcher.control..",
        "launcher.spawn..",
        "launcher.schemas..",
        "launcher.drivers..",
        "launcher.engine..",
        "launcher.daemon..",
        "launcher.cli..");
    below("launcher.daemon..", "launcher.cli..");
  }

  @Test
  void nativeCodeIsReachedFromFewPlaces() {
    check(
        noClasses()
            .that(
                resideInAnyPackage(
                    "launcher.schemas..", "launcher.drivers..", "launcher.control.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("jnr..", "java.lang.foreign.."))
            .because(
                "native calls belong to launcher.spawn; sockets to the engine and the daemon"));
  }

  @Test
  void everyPackageIsNullMarked() {
    check(
        classes()
            .should(
                new ArchCondition<JavaClass>("live in a @NullMarked package") {
                  @Override
                  public void check(JavaClass item, ConditionEvents events) {
                    boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(
                        new SimpleConditionEvent(
                            item, marked, item.getName() + " is in a package without @NullMarked"));
                  }
                }));
  }

  private static void below(String lower, String... higher) {
    check(
        noClasses()
            .that()
            .resideInAPackage(lower)
            .should()
            .dependOnClassesThat(resideInAnyPackage(higher)));
  }

  /**
   * A rule about classes that are not there yet would pass by saying nothing, so that is a failure
   * too.
   */
  private static void check(ArchRule rule) {
    rule.check(LAUNCHER);
  }
}
