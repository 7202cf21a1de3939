package launcher.daemon;

import java.util.List;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.engine.DefineOptions;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.Guests;
import launcher.engine.UndefineOptions;
import launcher.engine.XmlView;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlReader;
import launcher.spawn.Argument;

/**
 * Definitions.
 *
 * @param engine the guests
 */
record DefinitionHandlers(Engine engine) implements HandlerFamily {

  @Override
  public void register(Handlers handlers) {
    handlers
        .manage("define", this::define)
        .manage("undefine", this::undefine)
        .read("dumpxml", this::dumpxml)
        .manage("domrename", this::rename)
        .manage("autostart", this::autostart)
        .manage("plan", this::plan)
        .manage("explain", this::explain);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  private Json define(Call call) {
    Members said = call.arguments();
    String file = said.findText("file").orElse("guest.xml");
    Optional<String> edited = said.findText("guest");
    edited.ifPresent(name -> sameGuest(name, file, said.text("xml")));
    Guests.Defined defined =
        engine.guests().define(said.text("xml"), new DefineOptions(file, said.isTrue("validate")));
    List<String> warnings = defined.warnings().stream().map(XmlProblem::toString).toList();
    Guest guest = defined.guest();
    return Json.object("name", guest.name(), "uuid", guest.uuid(), "warnings", warnings);
  }

  /** What is edited stays the guest it was: another name would be another guest. */
  private void sameGuest(String word, String file, String xml) {
    Guest guest = engine.guests().get(word);
    try {
      String name = XmlReader.read(file, xml).value("name", "");
      if (!name.equals(guest.name())) {
        throw new ControlException(
            Outcome.INVALID,
            "the name of guest '"
                + guest.name()
                + "' cannot be edited to '"
                + name
                + "': use domrename");
      }
    } catch (XmlException e) {
      // define reports the same problems
    }
  }

  private Json undefine(Call call) {
    Members said = call.arguments();
    guest(call)
        .undefine(
            new UndefineOptions(
                said.isTrue("managedSave"),
                said.isTrue("nvram"),
                said.isTrue("snapshots"),
                said.isTrue("storage"),
                said.isTrue("tpm"),
                said.texts("disks")));
    return Json.object();
  }

  private Json dumpxml(Call call) {
    Members said = call.arguments();
    XmlView view =
        said.isTrue("asWritten")
            ? XmlView.AS_WRITTEN
            : said.isTrue("inactive") ? XmlView.INACTIVE : XmlView.LIVE;
    Guest guest = guest(call);
    if (said.isTrue("migratable") || said.isTrue("updateCpu")) {
      return Json.object("xml", XmlParts.of(said, portable(call, guest, view)));
    }
    if (said.isTrue("secrets") || view == XmlView.AS_WRITTEN) {
      call.requireManager(PublicXml.WITH_SECRETS);
      return Json.object("xml", XmlParts.of(said, guest.xml(view)));
    }
    return Json.object("xml", XmlParts.of(said, PublicXml.of(guest.tree(view))));
  }

  private static String portable(Call call, Guest guest, XmlView view) {
    if (view == XmlView.AS_WRITTEN) {
      throw new ControlException(
          Outcome.USAGE, "a text as it was written is not made fit for another host");
    }
    XmlElement domain = guest.tree(view);
    if (call.arguments().isTrue("updateCpu")) {
      guest
          .processorOfHost()
          .ifPresent(cpu -> {
            XmlElement own = domain.childOrAdd("cpu");
            own.addAfter(cpu);
            own.detach();
          });
    }
    if (call.arguments().isTrue("migratable")) {
      MigratableXml.strip(domain);
    }
    return PublicXml.of(call, domain);
  }

  private Json rename(Call call) {
    guest(call).rename(call.arguments().text("to"));
    return Json.object();
  }

  private Json autostart(Call call) {
    guest(call).autostart(call.arguments().isTrue("on"));
    return Json.object();
  }

  private Json plan(Call call) {
    Plan plan = guest(call).plan();
    StringBuilder text = new StringBuilder();
    stage(text, "prepare", plan.prepare());
    text.append("command\n  ").append(plan.command().program()).append('\n');
    plan.command()
        .arguments()
        .forEach(argument -> text.append("    ").append(argument.text()).append('\n'));
    stage(text, "while held", plan.whileHeld());
    stage(text, "after start", plan.afterStart());
    return Json.object(
        "text", text.toString(),
        "prepare", steps(plan.prepare()),
        "program", plan.command().program().toString(),
        "arguments", plan.command().arguments().stream().map(Argument::text).toList(),
        "whileHeld", steps(plan.whileHeld()),
        "afterStart", steps(plan.afterStart()));
  }

  private static void stage(StringBuilder text, String title, List<Step> steps) {
    text.append(title).append('\n');
    steps.forEach(step -> text.append(StepText.of(step)));
  }

  private static List<String> steps(List<Step> steps) {
    return steps.stream().map(Step::toString).toList();
  }

  private Json explain(Call call) {
    return Json.of(
        guest(call).explain().stream()
            .map(argument ->
                Json.object("text", argument.text(), "origin", argument.origin().toString()))
            .toList());
  }
}
