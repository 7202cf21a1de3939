package launcher.spawn;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A command as JSON, without a library: this module depends on none. */
final class JsonCommand {
  private final StringBuilder json = new StringBuilder("{");

  private JsonCommand() {}

  static String of(CommandSpec command) {
    JsonCommand writer = new JsonCommand();
    writer.field("program", text(command.program().toString()));
    writer.field("arguments", array(command.words().stream().map(JsonCommand::text).toList()));
    writer.field("environment", object(command.environment().variables()));
    writer.field(
        "passed", array(command.environment().passed().stream().map(JsonCommand::text).toList()));
    writer.field("stdin", text(input(command.streams().input())));
    writer.field("stdout", text(output(command.streams().output())));
    writer.field("stderr", text(output(command.streams().error())));
    writer.field("descriptors", descriptors(command));
    writer.optional("cwd", command.workingDirectory());
    writer.optional(
        "umask",
        command.umask() == null ? null : String.format(Locale.ROOT, "%04o", command.umask()));
    writer.confinement(command.confinement());
    writer.scheduling(command.scheduling());
    writer.field("daemon", Boolean.toString(command.daemon()));
    writer.optional("parentDeathSignal", command.parentDeathSignal());
    writer.optional("pidFile", command.pidFile() == null ? null : command.pidFile().path());
    writer.field("leases", array(command.leases().stream().map(JsonCommand::lease).toList()));
    if (!command.registrations().isEmpty()) {
      writer.field(
          "registrations",
          array(command.registrations().stream().map(r -> text(r.socket().toString())).toList()));
    }
    writer.field(
        "cgroups", array(command.cgroups().stream().map(path -> text(path.toString())).toList()));
    return writer.json.append('}').toString();
  }

  private void confinement(Confinement confinement) {
    Identity identity = confinement.identity();
    if (identity != null) {
      field("uid", Long.toString(identity.uid()));
      field("gid", Long.toString(identity.gid()));
      field("groups", identity.groups().toString().replace(" ", ""));
    }
    CapabilitySets sets = confinement.capabilities();
    if (sets != null) {
      field(
          "capabilities",
          array(sets.kept().stream().sorted().map(kept -> text(kept.word())).toList()));
    }
    field("noNewPrivileges", Boolean.toString(confinement.noNewPrivileges()));
    optional("label", label(confinement.label()));
    if (confinement.landlock() != null) {
      field("landlock", array(confinement.landlock().stream().map(JsonCommand::landlock).toList()));
    }
    if (confinement.scoped()) {
      field("scoped", "true");
    }
    if (confinement.withoutTcp()) {
      field("withoutTcp", "true");
    }
    field("limits", array(confinement.limits().stream().map(JsonCommand::limit).toList()));
  }

  private void scheduling(Scheduling scheduling) {
    optional("nice", scheduling.nice());
    optional("policy", scheduling.policy());
    optional("oomScore", scheduling.outOfMemoryScore());
    if (!scheduling.processors().isEmpty()) {
      field(
          "processors",
          array(scheduling.processors().stream().sorted().map(String::valueOf).toList()));
    }
  }

  private void field(String name, String value) {
    json.append(json.length() == 1 ? "" : ",").append(text(name)).append(':').append(value);
  }

  private void optional(String name, @Nullable Object value) {
    if (value != null) {
      field(name, value instanceof Number ? value.toString() : text(value.toString()));
    }
  }

  private static String input(StandardInput input) {
    return switch (input) {
      case StandardInput.Null() -> "null";
      case StandardInput.From(Descriptor descriptor) -> descriptor(descriptor);
      case StandardInput.Fed(Bytes bytes) -> bytes.toString();
      case StandardInput.Piped() -> "pipe";
    };
  }

  private static String output(StandardOutput output) {
    return switch (output) {
      case StandardOutput.Null() -> "null";
      case StandardOutput.To(Descriptor descriptor) -> descriptor(descriptor);
      case StandardOutput.Captured(int limit) -> "captured";
      case StandardOutput.Piped() -> "pipe";
      case StandardOutput.Merged() -> "stdout";
    };
  }

  private static String descriptors(CommandSpec command) {
    return command.descriptors().entrySet().stream()
        .map(entry -> text(entry.getKey().toString()) + ":" + text(descriptor(entry.getValue())))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** What stands behind a descriptor, in a word; secrets by their size. */
  private static String descriptor(Descriptor descriptor) {
    return switch (descriptor) {
      case Descriptor.OpenFile file ->
          file.access().name().toLowerCase(Locale.ROOT) + " " + file.path();
      case Descriptor.Existing(int number) -> "descriptor " + number;
      case Descriptor.Named(String name) -> "named " + name;
      case Descriptor.Content(Bytes bytes) -> "content of " + bytes;
    };
  }

  private static @Nullable String label(@Nullable ExecLabel label) {
    return switch (label) {
      case null -> null;
      case ExecLabel.Selinux(String context) -> "selinux " + context;
      case ExecLabel.Apparmor(String profile) -> "apparmor " + profile;
    };
  }

  private static String landlock(LandlockRule rule) {
    return text(rule.access().name().toLowerCase(Locale.ROOT) + " " + rule.path());
  }

  private static String limit(ResourceLimit limit) {
    return text(limit.resource().word() + "=" + bound(limit.soft()) + ":" + bound(limit.hard()));
  }

  private static String bound(long value) {
    return value == ResourceLimit.UNLIMITED ? "unlimited" : Long.toString(value);
  }

  private static String lease(LeaseFile lease) {
    return text((lease.shared() ? "shared " : "exclusive ") + lease.path());
  }

  private static String object(Map<String, String> map) {
    return map.entrySet().stream()
        .map(entry -> text(entry.getKey()) + ":" + text(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String array(Iterable<String> values) {
    return "[" + String.join(",", values) + "]";
  }

  /** A JSON string; everything that is not printable ASCII is escaped. */
  static String text(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c > 0x7e) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
