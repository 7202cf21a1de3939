package launcher.drivers.qemu.start;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.FileStep;
import launcher.drivers.qemu.block.TransientOverlays;
import launcher.schemas.XmlElement;

/** The files a definition names: those that must be there, and those made for it. */
final class GuestFiles {
  private GuestFiles() {}

  /** Files without which QEMU would not start, asked for before anything is done. */
  static List<FileStep> required(XmlElement domain) {
    List<FileStep> steps = new ArrayList<>();
    for (String name : List.of("kernel", "initrd", "dtb", "loader")) {
      path(domain.value("os/" + name)).ifPresent(p -> steps.add(new FileStep.Require(p, name)));
    }
    for (XmlElement device : domain.child("devices").map(XmlElement::children).orElse(List.of())) {
      if (device.name().equals("disk")
          && !device.value("source/@startupPolicy", "").equals("optional")) {
        path(TransientOverlays.base(device)
                .or(() -> device.value("source/@file"))
                .or(() -> device.value("source/@dev")))
            .ifPresent(p -> steps.add(new FileStep.Require(p, "disk")));
      }
    }
    return steps;
  }

  /** A guest's own firmware variables, from their template when it starts for the first time. */
  static List<FileStep> firmwareVariables(XmlElement domain) {
    List<FileStep> steps = new ArrayList<>();
    Optional<Path> variables = path(domain.value("os/nvram"));
    Optional<Path> template = path(domain.value("os/nvram/@template"));
    if (variables.isPresent() && template.isPresent()) {
      Path folder = variables.get().getParent();
      if (folder != null) {
        // many guests' variables lie here, each with its own owner, who must find the way
        steps.add(new FileStep.MakeDirectory(folder, 0711, true));
      }
      steps.add(new FileStep.CopyMissing(variables.get(), template.get(), 0600));
    }
    return steps;
  }

  private static Optional<Path> path(Optional<String> text) {
    return text.filter(t -> t.startsWith("/")).map(Path::of);
  }
}
