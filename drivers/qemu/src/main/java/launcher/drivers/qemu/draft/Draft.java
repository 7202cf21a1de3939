package launcher.drivers.qemu.draft;

import java.util.ArrayList;
import java.util.List;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.host.Randomness;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;

/**
 * A definition on its way to being complete: the tree, which rules change, what is known of the
 * host, and the problems found.
 */
public final class Draft {
  private final String file;
  private final XmlElement domain;
  private final QemuHost host;
  private final List<XmlProblem> problems = new ArrayList<>();

  /**
   * A draft.
   *
   * @param file name of the document for problems
   * @param domain the tree, changed in place
   */
  public Draft(String file, XmlElement domain, QemuHost host) {
    this.file = file;
    this.domain = domain;
    this.host = host;
  }

  /** The {@code <domain>}. */
  public XmlElement domain() {
    return domain;
  }

  /** The {@code <devices>}, added where it is absent. */
  public XmlElement devices() {
    return domain.childOrAdd("devices");
  }

  /** The devices of one kind: {@code devices("disk")}. */
  public List<XmlElement> devices(String kind) {
    return devices().children(kind);
  }

  /** What is known of the host. */
  public QemuHost host() {
    return host;
  }

  /** What the QEMU binary can do. */
  public QemuCapabilities capabilities() {
    return host.capabilities();
  }

  /** {@code kvm}, {@code qemu} … */
  public String type() {
    return domain.attribute("type", "");
  }

  /** Architecture and machine, as they are at this moment. */
  public Machine machine() {
    return new Machine(domain.value("os/type/@arch", ""), domain.value("os/type/@machine", ""));
  }

  /**
   * The path of a file that is kept for this guest beside its firmware variables. No two names of
   * guests mean one file, and none leaves the folder.
   *
   * @param ending what follows the guest's name, such as {@code _VARS.fd}
   */
  public String keptFile(String ending) {
    String name = domain.value("name", "").replace("%", "%25").replace("/", "%2F");
    return host.folders().nvram() + "/" + name + ending;
  }

  /** Where invented identities come from. */
  public Randomness random() {
    return host.random();
  }

  /** Notes that the definition is refused for something at an element. */
  public void refuse(XmlElement at, String message) {
    problems.add(XmlProblem.at(file, at, message));
  }

  /** Notes something odd that is survived. */
  public void warn(XmlElement at, String message) {
    problems.add(XmlProblem.at(file, at, message).asWarning());
  }

  /** All problems so far. */
  public List<XmlProblem> problems() {
    return List.copyOf(problems);
  }

  /** Whether anything is refused so far. */
  public boolean refused() {
    return problems.stream().anyMatch(XmlProblem::refuses);
  }
}
