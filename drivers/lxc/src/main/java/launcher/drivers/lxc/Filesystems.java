package launcher.drivers.lxc;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.ContainerStep.MountImage;
import launcher.drivers.plan.Step;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** {@code <filesystem>}: the container's root and what is mounted in it. */
final class Filesystems {
  private final ContainerFacts facts;
  private final Path images;
  private final LxcConfiguration out;
  private final List<Step> steps = new ArrayList<>();

  /**
   * For one start.
   *
   * @param images folder below which images are mounted on the host
   */
  Filesystems(ContainerFacts facts, Path images, LxcConfiguration out) {
    this.facts = facts;
    this.images = images;
    this.out = out;
  }

  /** The file system of the container's root, if one is said. */
  static Optional<XmlElement> root(XmlElement domain) {
    return all(domain).stream().filter(f -> target(f).equals("/")).findFirst();
  }

  private static List<XmlElement> all(XmlElement domain) {
    return domain.child("devices").map(d -> d.children("filesystem")).orElse(List.of());
  }

  private static String target(XmlElement filesystem) {
    return filesystem.value("target/@dir", "");
  }

  /** Writes the mounts; what must be there before is in {@link #steps}. */
  void write(XmlElement domain) {
    Optional<XmlElement> root = root(domain);
    // libvirt: without a root of its own a container has the host's.
    String folder = root.map(this::hostFolder).orElse("/");
    out.add("lxc.rootfs.path", "dir:" + folder);
    if (root.isPresent() && root.get().hasChild("readonly")) {
      out.add("lxc.rootfs.options", "ro");
    }
    for (XmlElement filesystem : all(domain)) {
      if (!target(filesystem).equals("/")) {
        mount(filesystem, folder);
      }
    }
  }

  /** The images to mount before the container starts. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  private void mount(XmlElement filesystem, String root) {
    String readOnly = filesystem.hasChild("readonly") ? ",ro" : "";
    String target = target(filesystem);
    switch (filesystem.attribute("type", "mount")) {
      case "ram" -> {
        long bytes =
            Numbers.bytes(
                    filesystem.value("source/@usage", ""),
                    filesystem.value("source/@units", "KiB"),
                    "KiB")
                .orElseThrow();
        String options = "size=" + bytes / 1024 + "k,nosuid,nodev,create=dir" + readOnly;
        out.mount("tmpfs", target, "tmpfs", options);
      }
      case "bind" -> {
        String source = root + "/" + filesystem.value("source/@dir", "");
        out.mount(source.replaceAll("/{2,}", "/"), target, "none", "bind,create=dir" + readOnly);
      }
      default -> {
        String source = hostFolder(filesystem);
        String kind = facts.files().contains(source) ? "file" : "dir";
        out.mount(source, target, "none", "bind,create=" + kind + readOnly);
      }
    }
  }

  /** The folder of the host that has the file system's content; images are mounted first. */
  private String hostFolder(XmlElement filesystem) {
    String type = filesystem.attribute("type", "mount");
    if (type.equals("mount")) {
      return filesystem.value("source/@dir", "");
    }
    boolean file = type.equals("file");
    Path source = Path.of(filesystem.value(file ? "source/@file" : "source/@dev", ""));
    Path folder = images.resolve(Integer.toString(steps.size()));
    steps.add(new MountImage(source, folder, file, filesystem.hasChild("readonly")));
    return folder.toString();
  }
}
