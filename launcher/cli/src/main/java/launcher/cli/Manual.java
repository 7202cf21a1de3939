package launcher.cli;

import java.util.Locale;
import launcher.control.Outcome;

/**
 * The manual page, launcher(1), in the language of man(7). It is made from the verbs themselves
 * when the program is installed, so that it never tells of another program.
 */
public final class Manual {
  private final StringBuilder text = new StringBuilder();

  private Manual() {}

  /** The page. */
  public static String page() {
    Manual manual = new Manual();
    manual.head();
    manual.everywhere();
    Families.all().forEach(manual::family);
    manual.tail();
    return manual.text.toString();
  }

  private void head() {
    line(".TH LAUNCHER 1 \"\" \"launcher " + escaped(Version.text()) + "\" \"User Commands\"");
    section("NAME");
    say("launcher - start virtual machines and containers from libvirt's XML");
    section("SYNOPSIS");
    line("\\fBlauncher\\fR [\\fIOPTION\\fR]... \\fIVERB\\fR [\\fIOPTION\\fR|\\fIWORD\\fR]...");
    section("DESCRIPTION");
    say(
        "Names, options and output are those of virsh(1) where virsh has the verb. Options may"
            + " stand anywhere; -- ends them. A word may also be named: --domain web1. Several"
            + " names at once are carried out in parallel.");
    say(
        "The command asks a daemon, and starts one where there is none. It leaves when nothing"
            + " runs and nobody asks; ending it touches no guest.");
  }

  private void everywhere() {
    section("OPTIONS FOR EVERY VERB");
    for (Option option : Help.EVERYWHERE) {
      entry(syntax(option), option.meaning());
    }
  }

  private void family(VerbFamily family) {
    section(family.title().toUpperCase(Locale.ROOT));
    for (String name : family.names()) {
      Verb verb = family.verb(name);
      entry(syntax(verb), verb.summary());
      if (!verb.options().isEmpty()) {
        line(".RS");
        verb.options().forEach(option -> entry(syntax(option), option.meaning()));
        line(".RE");
      }
    }
  }

  private void tail() {
    section("EXIT STATUS");
    for (Outcome outcome : Outcome.values()) {
      entry("\\fB" + outcome.exitCode() + "\\fR", outcome.word());
    }
    section("ENVIRONMENT");
    entry("\\fBLAUNCHER_ROOT\\fR", "as --root");
    entry("\\fBLAUNCHER_SYSTEM\\fR", "not empty: as --system");
    entry("\\fBVISUAL\\fR, \\fBEDITOR\\fR", "the editor of edit and net-edit");
    section("FILES");
    entry("\\fI/etc/launcher\\fR", "definitions, and daemon.conf");
    entry("\\fI/var/lib/launcher\\fR", "saved states and what else is kept");
    entry("\\fI/run/launcher\\fR", "what runs, and the daemon's socket launcher.sock");
    entry("\\fI/var/log/launcher\\fR", "what guests and their consoles said");
    say(
        "A plain user's lie in the XDG base directories: ~/.config/launcher,"
            + " ~/.local/share/launcher, $XDG_RUNTIME_DIR/launcher, ~/.local/state/launcher.");
    section("SEE ALSO");
    say("virsh(1), qemu(1), lxc(7), dnsmasq(8)");
  }

  private static String syntax(Verb verb) {
    StringBuilder syntax = new StringBuilder("\\fB").append(escaped(verb.name())).append("\\fR");
    for (Operand operand : verb.operands()) {
      String word = "\\fI" + escaped(operand.name()) + "\\fR" + (operand.repeated() ? "..." : "");
      syntax.append(' ').append(operand.required() ? word : "[" + word + "]");
    }
    return syntax.toString();
  }

  private static String syntax(Option option) {
    return "\\fB\\-\\-"
        + escaped(option.name())
        + "\\fR"
        + option.value().map(value -> " \\fI" + escaped(value) + "\\fR").orElse("");
  }

  private void section(String title) {
    line(".SH \"" + escaped(title) + "\"");
  }

  private void entry(String term, String meaning) {
    line(".TP");
    line(term);
    line(escaped(meaning));
  }

  private void say(String paragraph) {
    line(".PP");
    line(escaped(paragraph));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** Nothing in it is a request or an escape of roff's. */
  private static String escaped(String words) {
    String plain = words.replace("\\", "\\e").replace("-", "\\-").replace("^", "\\(ha");
    boolean isRequest = plain.startsWith(".") || plain.startsWith("'");
    return (isRequest ? "\\&" : "") + plain.replace("'", "\\(aq").replace("~", "\\(ti");
  }
}
