package launcher.spawn.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import launcher.spawn.Accounts;
import launcher.spawn.Capability;
import launcher.spawn.CapabilitySets;
import launcher.spawn.Confinement;
import launcher.spawn.ExecLabel;
import launcher.spawn.Identity;
import launcher.spawn.LandlockRule;
import launcher.spawn.Resource;
import launcher.spawn.ResourceLimit;

/** The words about rights: who, which capabilities, label, paths, limits. */
record ConfinementWords(Map<String, List<String>> values) {
  Confinement confinement() {
    Confinement confinement =
        Confinement.NONE
            .withNoNewPrivileges(values.containsKey("no-new-privs"))
            .withScope(values.containsKey("scoped"))
            .withoutTcp(values.containsKey("no-tcp"))
            .withLimits(all("rlimit").stream().map(ConfinementWords::limit).toList());
    if (values.containsKey("uid") || values.containsKey("gid")) {
      confinement = confinement.withIdentity(identity());
    }
    if (values.containsKey("drop-caps") || values.containsKey("keep-cap")) {
      confinement = confinement.withCapabilities(CapabilitySets.keep(capabilities()));
    }
    if (values.containsKey("landlock")) {
      confinement =
          confinement.withLandlock(all("landlock").stream().map(ConfinementWords::rule).toList());
    }
    for (String label : all("label")) {
      confinement = confinement.withLabel(label(label));
    }
    return confinement;
  }

  private List<String> all(String option) {
    return values.getOrDefault(option, List.of());
  }

  private List<String> listed(String option) {
    List<String> words = new ArrayList<>();
    all(option).forEach(value -> words.addAll(Arrays.asList(value.split(",", -1))));
    return words;
  }

  private Identity identity() {
    String user = all("uid").isEmpty() ? Long.toString(Accounts.ownUid()) : all("uid").getLast();
    long uid =
        Accounts.user(user)
            .orElseThrow(() -> new IllegalArgumentException("There is no user '" + user + "'"));
    long gid = all("gid").isEmpty() ? Accounts.ownGroup(user, uid) : group(all("gid").getLast());
    return new Identity(uid, gid, listed("groups").stream().map(ConfinementWords::group).toList());
  }

  private static long group(String name) {
    return Accounts.group(name)
        .orElseThrow(() -> new IllegalArgumentException("There is no group '" + name + "'"));
  }

  private Set<Capability> capabilities() {
    Set<Capability> kept = new HashSet<>();
    for (String word : listed("keep-cap")) {
      kept.add(
          Capability.find(word)
              .orElseThrow(
                  () -> new IllegalArgumentException("There is no capability '" + word + "'")));
    }
    return kept;
  }

  /** {@code nofile=512:1024}, {@code core=0}, {@code memlock=unlimited}. */
  private static ResourceLimit limit(String text) {
    Pair pair = Pair.of("rlimit", text);
    Resource resource =
        Resource.find(pair.name())
            .orElseThrow(
                () -> new IllegalArgumentException("There is no resource '" + pair.name() + "'"));
    String[] bounds = pair.value().split(":", 2);
    return new ResourceLimit(resource, bound(bounds[0]), bound(bounds[bounds.length - 1]));
  }

  private static long bound(String text) {
    if (text.equals("unlimited")) {
      return ResourceLimit.UNLIMITED;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no limit: a number or 'unlimited'", e);
    }
  }

  private static ExecLabel label(String text) {
    return text.startsWith("apparmor:")
        ? new ExecLabel.Apparmor(text.substring("apparmor:".length()))
        : new ExecLabel.Selinux(text);
  }

  /** {@code read=/usr}, {@code write=/srv/disk}. */
  private static LandlockRule rule(String text) {
    Pair pair = Pair.of("landlock", text);
    for (LandlockRule.Access access : LandlockRule.Access.values()) {
      if (access.name().toLowerCase(Locale.ROOT).equals(pair.name())) {
        return new LandlockRule(SpawnWords.absolute(pair.value()), access);
      }
    }
    throw new IllegalArgumentException(
        "There is no access '" + pair.name() + "'; there are read, execute, write, manage");
  }
}
