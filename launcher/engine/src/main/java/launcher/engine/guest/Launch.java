package launcher.engine.guest;

import java.nio.file.Path;
import java.util.Optional;
import launcher.drivers.plan.Plan;
import launcher.schemas.XmlElement;

/**
 * What a start will be.
 *
 * @param live the definition as it runs, with aliases, ports and paths
 * @param plan what to do
 * @param monitor where the started program listens
 */
public record Launch(XmlElement live, Plan plan, Optional<Path> monitor) {}
