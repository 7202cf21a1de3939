package launcher.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.QemuCommand;
import launcher.drivers.qemu.start.QemuDriver;
import launcher.drivers.qemu.start.QemuStart;
import launcher.engine.guest.Hypervisor;
import launcher.engine.guest.Launch;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.guest.RunListener;
import launcher.engine.guest.Running;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.run.RunRecord;
import launcher.engine.run.Workspace;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.network.Network;
import launcher.spawn.Spawner;

/**
 * Runs real QEMU with a command of its own, so that the engine is tested and not the translation.
 */
final class TinyHypervisor implements Hypervisor {
  private final QemuHypervisor qemu;
  private final HostFacts facts;

  TinyHypervisor(
      Folders folders, HostFacts facts, Spawner spawner, Function<String, Network> networks) {
    qemu = new QemuHypervisor(folders, facts, spawner, networks);
    this.facts = facts;
  }

  static List<Hypervisor> all(
      Folders folders, HostFacts facts, Spawner spawner, Function<String, Network> networks) {
    return List.of(new TinyHypervisor(folders, facts, spawner, networks));
  }

  static String xml(String name, String machine, Path disk) {
    return "<domain type='qemu'>\n  <!-- kept -->\n  <name>"
        + name
        + "</name>\n  <os><type machine='"
        + machine
        + "'>hvm</type></os>\n  <devices><disk type='file'><source file='"
        + disk
        + "'/></disk><serial type='pty'/></devices>\n</domain>\n";
  }

  @Override
  public boolean drives(String domainType) {
    return domainType.equals("qemu");
  }

  @Override
  public List<XmlProblem> complete(
      String file, XmlElement tree, Optional<XmlElement> previous, boolean validate) {
    if (!tree.hasChild("uuid")) {
      tree.add("uuid").text(UUID.randomUUID().toString());
    }
    return List.of();
  }

  @Override
  public Launch launch(XmlElement completed, Grants grants, LaunchOptions options) {
    XmlElement live = completed.copy();
    XmlElement serial = live.at("devices/serial").orElseThrow();
    String log = grants.log() + ".console";
    serial.add("alias").set("name", "serial0");
    serial.add("log").set("file", log);
    CommandLine line = new CommandLine();
    line.always(
        "-S", "-nodefaults", "-no-user-config", "-display", "none", "-accel", "tcg", "-m", "16");
    line.always("-M", live.value("os/type/@machine", "pc"));
    line.always("-chardev", "pty,id=charserial0,logfile=" + log, "-serial", "chardev:charserial0");
    line.always(
        "-drive", "if=none,id=d,format=raw,file=" + live.value("devices/disk/source/@file", ""));
    line.always("-device", "virtio-blk-pci,drive=d");
    line.always(
        "-chardev",
        "socket,id=mon,fd=" + line.pass("monitor") + ",server=on,wait=off",
        "-mon",
        "chardev=mon,mode=control");
    QemuCommand command = new QemuCommand("/usr/bin/qemu-system-x86_64", List.of("LC_ALL=C"), line);
    QemuStart start = new QemuStart(live, command, List.of(), options.paused(), options.incoming());
    return new Launch(
        live,
        new QemuDriver().plan(start, facts, grants),
        Optional.of(grants.run(QemuDriver.MONITOR)));
  }

  @Override
  public Running attach(
      RunRecord record, XmlElement live, Optional<Workspace> workspace, RunListener listener) {
    return qemu.attach(record, live, workspace, listener);
  }
}
