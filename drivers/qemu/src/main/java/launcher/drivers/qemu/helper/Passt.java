package launcher.drivers.qemu.helper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.devices.PasstSockets;
import launcher.schemas.domain.Interface;
import launcher.schemas.domain.InterfaceSource;

/**
 * User-mode networking by passt(1). It makes its socket, goes into the background when that is
 * there, and ends when QEMU hangs up.
 */
final class Passt {
  private Passt() {}

  static List<Step> of(Guest guest, Grants grants) {
    List<Step> steps = new ArrayList<>();
    for (Interface card : guest.devices().interfaces()) {
      if (card.source() instanceof InterfaceSource.Passt passt) {
        Path socket = Path.of(PasstSockets.path(guest.host(), guest.domain().name(), card.alias()));
        steps.add(new FileStep.MakeDirectory(Helpers.folder(socket), 0700, false));
        Path own = Helpers.folder(socket).resolve(card.alias() + ".pid");
        steps.add(
            new HelperStep.Start(
                "passt",
                "passt",
                words(card, passt, socket, own),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Helpers.pidFile(grants, card.alias()),
                grants.log(),
                HelperStep.Rights.GUEST,
                Optional.of(own),
                List.of("--runas", "0:0"), // else it becomes nobody, who may not enter the folder
                List.of(Helpers.folder(socket)),
                Optional.empty(),
                Optional.empty(),
                List.of()));
      }
    }
    return steps;
  }

  private static List<String> words(
      Interface card, InterfaceSource.Passt passt, Path socket, Path pidFile) {
    List<String> words =
        new ArrayList<>(
            List.of("--one-off", "--socket", socket.toString(), "--pid", pidFile.toString()));
    if (passt.vhostUser()) {
      words.add("--vhost-user");
    }
    passt.hostInterface().ifPresent(dev -> words.addAll(List.of("--interface", dev)));
    passt.logFile().ifPresent(file -> words.addAll(List.of("--log-file", file)));
    for (InterfaceSource.GuestAddress address : passt.addresses()) {
      words.addAll(List.of("--address", address.address()));
      if (!address.family().equals("ipv6") && address.prefix().isPresent()) {
        words.addAll(List.of("--netmask", String.valueOf(address.prefix().getAsInt())));
      }
    }
    card.mtu().ifPresent(mtu -> words.addAll(List.of("--mtu", String.valueOf(mtu))));
    for (InterfaceSource.PortForward forward : passt.forwards()) {
      words.addAll(
          List.of(
              forward.protocol().equals("udp") ? "--udp-ports" : "--tcp-ports", ports(forward)));
    }
    return words;
  }

  /** {@code ADDRESS%DEVICE/FIRST-LAST:TO,~FIRST-LAST}; without a range every port. */
  private static String ports(InterfaceSource.PortForward forward) {
    StringBuilder text = new StringBuilder(forward.address().orElse(""));
    forward.device().ifPresent(device -> text.append('%').append(device));
    if (!text.isEmpty()) {
      text.append('/');
    }
    List<String> ranges = new ArrayList<>();
    for (InterfaceSource.PortRange range : forward.ranges()) {
      ranges.add(range(range));
    }
    return text.append(ranges.isEmpty() ? "all" : String.join(",", ranges)).toString();
  }

  private static String range(InterfaceSource.PortRange range) {
    OptionalInt end = range.end();
    String ports = range.start() + (end.isPresent() ? "-" + end.getAsInt() : "");
    if (range.exclude()) {
      return "~" + ports;
    }
    if (range.to().isEmpty()) {
      return ports;
    }
    int to = range.to().getAsInt();
    int last = to + (end.isPresent() ? end.getAsInt() - range.start() : 0);
    return ports + ":" + to + (end.isPresent() ? "-" + last : "");
  }
}
