package launcher.engine.qemu;

import launcher.drivers.plan.Grants;
import launcher.schemas.XmlElement;

/**
 * Fills in what only the engine can know of one run: where its sockets and its console's log are.
 */
final class LivePaths {
  private LivePaths() {}

  static void fill(XmlElement domain, Grants grants) {
    domain.set("id", grants.id());
    int count = 0;
    for (XmlElement channel : domain.childOrAdd("devices").children("channel")) {
      if (channel.is("type", "unix") && channel.value("source/@path").isEmpty()) {
        channel
            .childOrAdd("source")
            .set("mode", "bind")
            .set("path", grants.run("channel" + count).toString());
      }
      count++;
    }
    console(domain, grants);
  }

  /** Takes away the boot order that the preparation gave to devices, which gives it again. */
  static void withoutPreparedBoot(XmlElement live) {
    if (live.at("os/boot").isPresent()) {
      for (XmlElement device : live.childOrAdd("devices").children()) {
        device.children("boot").forEach(XmlElement::detach);
      }
    }
  }

  // QEMU keeps the log itself: whatever happens to launcher, no line is lost.
  private static void console(XmlElement domain, Grants grants) {
    for (String kind : new String[] {"serial", "console"}) {
      for (XmlElement device : domain.childOrAdd("devices").children(kind)) {
        if (device.is("type", "pty")) {
          if (!device.hasChild("log")) {
            device.add("log").set("file", consoleLog(grants)).set("append", "on");
          }
          return;
        }
      }
    }
  }

  private static String consoleLog(Grants grants) {
    return grants.log().toString().replaceAll("\\.log$", ".console.log");
  }
}
