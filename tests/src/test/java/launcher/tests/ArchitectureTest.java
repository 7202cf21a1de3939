package launcher.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import jnr.posix.POSIX;
import launcher.spawn.libc.LibC;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What the module graph cannot say: which module may use which door to the outside. */
final class ArchitectureTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> MODULES =
      List.of(
          "schemas",
          "drivers/plan",
          "drivers/qemu",
          "drivers/lxc",
          "drivers/openvz",
          "drivers/dnsmasq",
          "launcher/spawn",
          "launcher/engine",
          "launcher/control",
          "launcher/daemon",
          "launcher/cli");

  private static final JavaClasses LAUNCHER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPaths(MODULES.stream().map(ArchitectureTest::compiled).toList());

  private static Path compiled(String module) {
    return ROOT.resolve(module).resolve("target/classes");
  }

  @Test
  void seesTheWholeProgram() {
    for (String module : MODULES) {
      String place = compiled(module).toUri().toString();
      assertTrue(
          LAUNCHER.stream()
              .anyMatch(
                  item -> item.getSource().orElseThrow().getUri().toString().startsWith(place)),
          "saw no class of " + module);
    }
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
            .callMethodWhere(called(Runtime.class, "exec"))
            .orShould()
            .callMethodWhere(
                called(POSIX.class, "(fork|exec[lv].*|posix_spawn.*|newProcessMaker.*)"))
            .because("launcher.spawn.Spawner is the one door to a process"));
  }

  @Test
  void spawnAsksTheKernelForProcessesInOnePlace() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("launcher.spawn.PosixSpawn")
            .should()
            .callMethodWhere(called(LibC.class, "posix_spawn"))
            .because("launcher.spawn.PosixSpawn starts the executor, which dresses every process"));
  }

  @Test
  void nobodySleepsWhereThereIsAnEventToWaitFor() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("launcher.engine.lease.LeaseSteps") // says why itself
            .should()
            .callMethodWhere(called(Thread.class, "sleep"))
            .because("an event is waited for, with a deadline"));
  }

  @Test
  void onlyProgramsEndTheProcess() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("launcher.daemon..", "launcher.cli..")
            .should()
            .callMethodWhere(called(System.class, "exit"))
            .orShould()
            .callMethodWhere(called(Runtime.class, "exit|halt"))
            .because("a library is embedded in programs that go on"));
  }

  @Test
  void librariesPrintNothing() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("launcher.daemon..", "launcher.cli..")
            .and()
            .resideOutsideOfPackage("launcher.drivers.qemu.tool..") // a command of its own
            .should()
            .accessFieldWhere(standardStream())
            .orShould()
            .callMethodWhere(called(Throwable.class, "printStackTrace"))
            .because("what happens is returned, thrown or logged"));
  }

  @Test
  void theBusIsReachedThroughTheEngineOnly() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "launcher.engine.bus..", "launcher.engine.network..", "launcher.engine.shutdown..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.freedesktop.."))
            .because("launcher.engine.bus.SystemBus is the door to D-Bus"));
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
                    + "|java\\.net\\.(Socket|ServerSocket)|java\\.util\\.Random|java\\.security\\.SecureRandom"
                    + "|java\\.util\\.concurrent\\.ThreadLocalRandom|java\\.time\\.Clock")
            .orShould()
            .callMethodWhere(called(System.class, "getenv|currentTimeMillis|nanoTime"))
            .orShould()
            .callMethodWhere(called(Instant.class, "now"))
            .orShould()
            .callMethodWhere(called(UUID.class, "randomUUID"))
            .orShould()
            .callMethodWhere(called(Math.class, "random"))
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

  /**
   * A module's own package is its face: its values are everybody's, and it needs all the others.
   */
  @Test
  void packagesStandAboveOneAnother() {
    for (String module : List.of("engine", "schemas", "drivers.qemu", "drivers.lxc")) {
      check(slices().matching("launcher." + module + ".(*)..").should().beFreeOfCycles());
    }
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

  /** A call of a method of that type, whatever its parameters. */
  private static DescribedPredicate<JavaMethodCall> called(Class<?> type, String name) {
    return DescribedPredicate.describe(
        "call " + type.getSimpleName() + "." + name,
        call ->
            call.getTargetOwner().isAssignableTo(type) && call.getTarget().getName().matches(name));
  }

  private static DescribedPredicate<JavaFieldAccess> standardStream() {
    return DescribedPredicate.describe(
        "access System.out or System.err",
        access ->
            access.getTargetOwner().isEquivalentTo(System.class)
                && access.getTarget().getName().matches("out|err"));
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
   * A rule about classes that are not there would pass by saying nothing: ArchUnit makes that a
   * failure too (archRule.failOnEmptyShould, its default).
   */
  private static void check(ArchRule rule) {
    rule.check(LAUNCHER);
  }
}
