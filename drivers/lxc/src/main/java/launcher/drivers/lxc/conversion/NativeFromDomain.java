package launcher.drivers.lxc.conversion;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import launcher.drivers.lxc.ContainerFacts;
import launcher.drivers.lxc.LxcDriver;
import launcher.drivers.plan.FileStep.WriteFile;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.Plan;
import launcher.schemas.XmlElement;

/** Shows the configuration file and the command that a container would be started with. */
public final class NativeFromDomain {
  private NativeFromDomain() {}

  /**
   * The configuration.
   *
   * @param domain completed
   * @param run folder of the container's own files at run time
   */
  public static String configuration(
      XmlElement domain, ContainerFacts facts, HostFacts host, Path run) {
    return plan(domain, facts, host, run).prepare().stream()
        .filter(WriteFile.class::isInstance)
        .map(WriteFile.class::cast)
        .filter(file -> file.path().endsWith("config"))
        .map(WriteFile::content)
        .findFirst()
        .orElseThrow();
  }

  /** The words of the command. */
  public static List<String> command(
      XmlElement domain, ContainerFacts facts, HostFacts host, Path run) {
    return plan(domain, facts, host, run).command().words();
  }

  private static Plan plan(XmlElement domain, ContainerFacts facts, HostFacts host, Path run) {
    // A network's bridge is known when it runs; its name stands for it here.
    Map<String, String> named = new HashMap<>();
    for (XmlElement device : domain.child("devices").map(XmlElement::children).orElse(List.of())) {
      device.value("source/@network").ifPresent(network -> named.put("bridge:" + network, network));
    }
    Path log = run.resolve("output.log");
    return new LxcDriver(facts).plan(domain, host, new Grants(1, run, run, log, named));
  }
}
