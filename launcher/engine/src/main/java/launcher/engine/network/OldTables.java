package launcher.engine.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jnr.ffi.Pointer;
import launcher.schemas.network.Ip;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.LibC;
import launcher.spawn.libc.Native;

/**
 * The kernel's packet rules from before nftables, which iptables-legacy makes. They are read as
 * that tool reads them, from a socket's options (linux/netfilter_ipv4/ip_tables.h), and never
 * touched.
 */
final class OldTables {
  private static final String FILTER = "filter";
  private static final int SOCK_RAW_CLOEXEC = 3 | 02000000;
  private static final int IPPROTO_RAW = 255;
  private static final int NAME_BYTES = 32;
  private static final LibC C = Native.libc();

  /** {@code NF_INET_LOCAL_IN} and {@code NF_INET_FORWARD}, which number the chains. */
  private static final int INPUT = 1;

  private static final int FORWARD = 2;

  /** A standard target's word for dropping: {@code -NF_DROP - 1}. */
  private static final int DROP = -1;

  /** {@code struct ipt_getinfo} and {@code ip6t_getinfo}: name, hooks, entries, policies, sizes. */
  private static final int INFO_BYTES = NAME_BYTES + 4 + 5 * 4 + 5 * 4 + 4 + 4;

  private static final int POLICIES = NAME_BYTES + 4 + 5 * 4;

  /** Name, size, and to a multiple of eight, before the rules themselves. */
  private static final int HEAD_BYTES = NAME_BYTES + 8;

  /** More than any table of rules that people or programs write. */
  private static final int LARGEST = 64 << 20;

  /**
   * The kinds of rules.
   *
   * @param names where the kernel tells which tables there are: asking for one would make it
   * @param level of the socket's options, {@code SOL_IP} or {@code SOL_IPV6}
   * @param interfaces where a rule's name of the interface of entry is; that of exit follows
   * @param match size of a rule's addresses and interfaces; then its parts' places
   * @param rule size of a rule before its matches
   */
  private record Kind(
      Ip.Family family,
      String tool,
      Path names,
      int domain,
      int level,
      int interfaces,
      int match,
      int rule) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              Ip.Family.IPV4,
              "iptables-legacy",
              Path.of("/proc/net/ip_tables_names"),
              2,
              0,
              16,
              84,
              112),
          new Kind(
              Ip.Family.IPV6,
              "ip6tables-legacy",
              Path.of("/proc/net/ip6_tables_names"),
              10,
              41,
              64,
              136,
              168));

  /** {@code IPT_SO_GET_INFO} and {@code IPT_SO_GET_ENTRIES}; the same for IPv6. */
  private static final int GET_INFO = 64;

  private static final int GET_ENTRIES = 65;

  private OldTables() {}

  /** What of them stands in the way of a network's packets, in words. */
  static List<String> inTheWayOf(ForeignFirewalls.Packets packets) {
    List<String> warnings = new ArrayList<>();
    for (Kind kind : KINDS) {
      if (packets.families().contains(kind.family()) && there(kind)) {
        try {
          read(kind).ifPresent(table -> add(kind, table, packets, warnings));
        } catch (IOException e) {
          warnings.add(
              "rules of %s are in the kernel and cannot be read (%s): when guests get no way out, see what '%1$s -S FORWARD' drops"
                  .formatted(kind.tool(), e.getMessage()));
        }
      }
    }
    return warnings;
  }

  private static boolean there(Kind kind) {
    try {
      return Files.readAllLines(kind.names()).contains(FILTER);
    } catch (IOException noneInThisKernel) {
      return false;
    }
  }

  /**
   * The rules of the table that filters.
   *
   * @param policies places of the chains' policies, by the number of the chain
   */
  private record Table(Pointer rules, int size, List<Integer> policies) {}

  private static void add(
      Kind kind, Table table, ForeignFirewalls.Packets packets, List<String> warnings) {
    String bridge = packets.bridge();
    if (names(kind, table, bridge)) {
      // somebody has thought of it
      return;
    }
    if (packets.forwarded() && drops(kind, table, FORWARD)) {
      warnings.add(
          "chain 'FORWARD' of %s drops packets from and to guests that nobody lets through: %1$s -I FORWARD -i %s -j ACCEPT; %1$s -I FORWARD -o %2$s -j ACCEPT"
              .formatted(kind.tool(), bridge));
    }
    if (packets.served() && drops(kind, table, INPUT)) {
      warnings.add(
          "chain 'INPUT' of %s drops what guests ask of the host (DHCP, DNS) that nobody lets through: %1$s -I INPUT -i %s -j ACCEPT"
              .formatted(kind.tool(), bridge));
    }
  }

  /** Whether what no rule of a chain has judged is dropped: its policy is its last rule. */
  private static boolean drops(Kind kind, Table table, int chain) {
    int policy = table.policies().get(chain);
    int target = policy + Short.toUnsignedInt(table.rules().getShort(policy + kind.match() + 4L));
    // struct xt_standard_target: a head of 32 bytes, then the verdict
    return target + 36 <= table.size() && table.rules().getInt(target + 32L) == DROP;
  }

  private static boolean names(Kind kind, Table table, String bridge) {
    int at = 0;
    while (at + kind.rule() <= table.size()) {
      int interfaces = at + kind.interfaces();
      if (name(table, interfaces).equals(bridge) || name(table, interfaces + 16).equals(bridge)) {
        return true;
      }
      int next = Short.toUnsignedInt(table.rules().getShort(at + kind.match() + 6L));
      at += Math.max(next, kind.rule());
    }
    return false;
  }

  private static String name(Table table, int at) {
    byte[] bytes = new byte[16];
    table.rules().get(at, bytes, 0, bytes.length);
    String text = new String(bytes, StandardCharsets.US_ASCII);
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }

  private static Optional<Table> read(Kind kind) throws IOException {
    int socket = C.socket(kind.domain(), SOCK_RAW_CLOEXEC, IPPROTO_RAW);
    if (socket < 0) {
      throw Calls.failure("socket", Native.errno());
    }
    try {
      Pointer info = asked(socket, kind, GET_INFO, INFO_BYTES, 0);
      int size = info.getInt(INFO_BYTES - 4L);
      if (size <= 0 || size > LARGEST) {
        return Optional.empty();
      }
      int[] policies = new int[5];
      info.get(POLICIES, policies, 0, policies.length);
      Pointer rules = asked(socket, kind, GET_ENTRIES, HEAD_BYTES + size, size);
      return Optional.of(
          new Table(rules.slice(HEAD_BYTES, size), size, Arrays.stream(policies).boxed().toList()));
    } finally {
      Calls.close(socket);
    }
  }

  private static Pointer asked(int socket, Kind kind, int option, int bytes, int size)
      throws IOException {
    Pointer answer = Native.memory(bytes);
    answer.put(0, FILTER.getBytes(StandardCharsets.US_ASCII), 0, FILTER.length());
    if (size > 0) {
      answer.putInt(NAME_BYTES, size);
    }
    Pointer length = Native.memory(Integer.BYTES);
    length.putInt(0, bytes);
    if (C.getsockopt(socket, kind.level(), option, answer, length) != 0) {
      throw Calls.failure("getsockopt", Native.errno());
    }
    return answer;
  }
}
