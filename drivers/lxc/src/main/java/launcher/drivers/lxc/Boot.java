package launcher.drivers.lxc;

import java.util.ArrayList;
import java.util.List;
import launcher.schemas.XmlElement;
import launcher.spawn.CommandBuilder;
import launcher.spawn.Origin;

/** {@code <os>}: the container's first process, its environment, user and folder. */
final class Boot {
  /** Where programs are looked for, on merged and on split systems. */
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final XmlElement domain;
  private final ContainerFacts facts;

  Boot(XmlElement domain, ContainerFacts facts) {
    this.domain = domain;
    this.facts = facts;
  }

  void write(LxcConfiguration out) {
    domain.value("os/type/@arch").ifPresent(arch -> out.add("lxc.arch", arch));
    domain
        .value("os/inituser")
        .flatMap(user -> ContainerFacts.number(user, facts.users()))
        .ifPresent(id -> out.add("lxc.init.uid", id));
    domain
        .value("os/initgroup")
        .flatMap(group -> ContainerFacts.number(group, facts.groupIds()))
        .ifPresent(id -> out.add("lxc.init.gid", id));
    out.add("lxc.init.cwd", domain.value("os/initdir"));
    environment().forEach(variable -> out.add("lxc.environment", variable));
  }

  /**
   * Variables that libvirt's containers know, then the definition's own. LXC adds container=lxc.
   */
  private List<String> environment() {
    List<String> all = new ArrayList<>(List.of("PATH=" + PATH, "TERM=linux", "HOME=/"));
    all.add("LIBVIRT_LXC_NAME=" + domain.value("name", ""));
    domain
        .value("uuid")
        .ifPresent(uuid -> {
          all.add("container_uuid=" + uuid);
          all.add("LIBVIRT_LXC_UUID=" + uuid);
        });
    domain.value("os/cmdline").ifPresent(line -> all.add("LIBVIRT_LXC_CMDLINE=" + line));
    List<XmlElement> own = domain.child("os").map(os -> os.children("initenv")).orElse(List.of());
    own.forEach(variable -> all.add(variable.attribute("name", "") + "=" + variable.text()));
    return all;
  }

  /** The first process, as last words of lxc-start's command: no quoting, each word as it is. */
  void command(CommandBuilder command) {
    command.from(origin("os/init")).add("--").add(init(domain));
    List<XmlElement> words = domain.child("os").map(os -> os.children("initarg")).orElse(List.of());
    for (XmlElement word : words) {
      command.from(new Origin("<initarg>", word.line())).add(word.text());
    }
  }

  /** The program the container begins with. */
  static String init(XmlElement domain) {
    return domain.value("os/init", "/sbin/init").strip();
  }

  private Origin origin(String path) {
    return domain.at(path).map(e -> new Origin("<" + e.name() + ">", e.line())).orElse(Origin.NONE);
  }
}
