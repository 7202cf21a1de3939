package launcher.cli;

import java.util.List;
import java.util.Map;
import launcher.control.ControlException;
import launcher.control.Outcome;

/**
 * Verbs of virsh that launcher has not: what they are, and what to use instead. Read only when a
 * word is no verb.
 */
final class AbsentVerbs {
  private AbsentVerbs() {}

  /** What a family of verbs is about, by how their names begin. */
  private record Family(String beginning, String about, String instead) {}

  private static List<Family> families() {
    return List.of(
        new Family(
            "pool-",
            "storage pools",
            "name images by their paths, and let the host mount what they lie on"),
        new Family(
            "find-storage-pool-",
            "storage pools",
            "name images by their paths, and let the host mount what they lie on"),
        new Family(
            "vol-", "volumes of storage pools", "qemu-img(1) makes, resizes and converts images"),
        new Family(
            "iface-",
            "the host's own network interfaces",
            "ip(8), or what configures the network of this host; net-define makes bridges"),
        new Family(
            "nwfilter-",
            "network filters",
            "zones and policies of firewalld, see docs/networks.md"),
        new Family(
            "nodedev-",
            "devices of the host",
            "nodedev-list shows those of PCI and USB, nodedev-detach sets one aside"),
        new Family(
            "checkpoint-",
            "checkpoints of incremental backups",
            "snapshot-create-as --disk-only and blockcopy"),
        new Family(
            "backup-", "incremental backups", "snapshot-create-as --disk-only and blockcopy"),
        new Family(
            "migrate",
            "live migration to another host",
            "save on this host and restore on the other, with the disks on shared storage"),
        new Family(
            "net-port-",
            "ports of networks",
            "domiflist shows the cards of a guest, net-dhcp-leases those on a network"));
  }

  private static Map<String, String> single() {
    return Map.ofEntries(
        Map.entry("cd", "changes the folder of virsh's own shell: use your shell's"),
        Map.entry("pwd", "shows the folder of virsh's own shell: use your shell's"),
        Map.entry("echo", "prints words of virsh's own shell: use your shell's"),
        Map.entry("quit", "leaves virsh's own shell: each launcher command stands alone"),
        Map.entry("exit", "leaves virsh's own shell: each launcher command stands alone"),
        Map.entry(
            "connect", "chooses a hypervisor: --system, --root or LAUNCHER_ROOT chooses a daemon"),
        Map.entry(
            "cpu-baseline",
            "computes a processor for several hosts: domcapabilities of each"
                + " shows which models they have in common"),
        Map.entry(
            "cpu-compare",
            "compares a processor with the host's: domcapabilities shows what" + " is usable"),
        Map.entry(
            "hypervisor-cpu-baseline",
            "computes a processor for several hosts:"
                + " hypervisor-cpu-models on each shows what they have in common"),
        Map.entry(
            "hypervisor-cpu-compare",
            "compares a processor with QEMU's:"
                + " hypervisor-cpu-models shows which are usable here"),
        Map.entry("dom-fd-associate", "lends open files to a guest: name the files by their paths"),
        Map.entry(
            "domsetlaunchsecstate",
            "gives a confidential guest its secret:"
                + " qemu-monitor-command with sev-inject-launch-secret"),
        Map.entry(
            "guest-agent-timeout",
            "changes how long agents are waited for, which is ten"
                + " seconds here: qemu-agent-command has --timeout"),
        Map.entry(
            "node-memory-tune",
            "tunes the merging of equal pages: write to" + " /sys/kernel/mm/ksm"),
        Map.entry("nodesevinfo", "shows what AMD SEV offers: domcapabilities has its <sev>"),
        Map.entry("nodesuspend", "puts the host to sleep: systemctl suspend"),
        Map.entry(
            "perf",
            "switches performance counters of a guest on: perf(1) with the guest's" + " process"),
        Map.entry(
            "qemu-attach",
            "takes over a QEMU that somebody else started: define and start" + " the guest here"),
        Map.entry(
            "qemu-monitor-event",
            "prints QEMU's own events: event --loop prints what they" + " mean"),
        Map.entry("secret-event", "waits for changes of secrets: secret-list shows them"));
  }

  /**
   * Says of a verb of virsh what it is and what there is instead; does nothing for any other word.
   *
   * @throws ControlException when it is one
   */
  static void refuse(String word) {
    String alone = single().get(word);
    if (alone != null) {
      throw new ControlException(
          Outcome.USAGE, "launcher has no '" + word + "', which in virsh " + alone);
    }
    for (Family family : families()) {
      if (word.startsWith(family.beginning())) {
        throw new ControlException(
            Outcome.USAGE,
            "launcher has no '"
                + word
                + "', which in virsh is about "
                + family.about()
                + ": "
                + family.instead());
      }
    }
  }
}
