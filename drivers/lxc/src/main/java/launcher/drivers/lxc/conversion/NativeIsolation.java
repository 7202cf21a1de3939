package launcher.drivers.lxc.conversion;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.drivers.lxc.conversion.NativeConfiguration.Entry;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;

/** Labels of a container, and namespaces that it shares. */
final class NativeIsolation {
  private static final String LXC = "http://libvirt.org/schemas/domain/lxc/1.0";
  private static final List<String> KINDS = List.of("net", "ipc", "uts");
  private static final Pattern NAMED = Pattern.compile("(?:/var)?/run/netns/([^/]+)");

  private final NativeConfiguration in;
  private final XmlElement domain;
  private final List<XmlProblem> problems;

  NativeIsolation(NativeConfiguration in, XmlElement domain, List<XmlProblem> problems) {
    this.in = in;
    this.domain = domain;
    this.problems = problems;
  }

  void write() {
    in.last("lxc.apparmor.profile").ifPresent(this::profile);
    in.value("lxc.selinux.context").ifPresent(context -> label("selinux", context));
    XmlElement shared = XmlElement.of(LXC, "lxc", "namespace");
    for (String kind : KINDS) {
      in.last("lxc.namespace.share." + kind).ifPresent(entry -> share(shared, kind, entry));
    }
    if (!shared.children().isEmpty()) {
      domain.add(shared);
    }
  }

  private void profile(Entry entry) {
    switch (entry.value()) {
      case "unconfined" -> domain.add("seclabel").set("type", "none").set("model", "apparmor");
      case "generated", "unchanged" ->
          warn(entry, "the AppArmor profile '" + entry.value() + "' cannot be said in XML");
      default -> label("apparmor", entry.value());
    }
  }

  private void label(String model, String text) {
    domain
        .add("seclabel")
        .set("type", "static")
        .set("model", model)
        .set("relabel", "no")
        .add("label")
        .text(text);
  }

  /** By a process, another container's name, or a file that stands for the namespace. */
  private void share(XmlElement shared, String kind, Entry entry) {
    Matcher named = NAMED.matcher(entry.value());
    Optional<String> type =
        entry.value().matches("[0-9]{1,10}")
            ? Optional.of("pid")
            : named.matches() && kind.equals("net")
                ? Optional.of("netns")
                : entry.value().contains("/") ? Optional.empty() : Optional.of("name");
    if (type.isEmpty()) {
      warn(entry, "the namespace '" + entry.value() + "' has no name that XML could say");
      return;
    }
    XmlElement element = XmlElement.of(LXC, "lxc", "share" + kind).set("type", type.get());
    shared.add(element.set("value", type.get().equals("netns") ? named.group(1) : entry.value()));
  }

  private void warn(Entry at, String message) {
    problems.add(at.problem(message + ", left out").asWarning());
  }
}
