package launcher.engine.qemu;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;

/** The drives of a running QEMU, which tells them by the place of their device in its tree. */
public final class Drives {
  private Drives() {}

  /** What {@code query-block} says of a disk's drive; empty when QEMU has none of that alias. */
  public static Optional<JsonObject> find(QemuMonitor monitor, String alias) {
    JsonObject answer = monitor.answer("query-block", Props.empty(), QemuMonitor.QUESTION);
    return find(answer.objects("return"), alias);
  }

  /** The one of a disk among those that QEMU has listed. */
  public static Optional<JsonObject> find(List<JsonObject> listed, String alias) {
    return listed.stream().filter(one -> isOf(one.string("qdev", ""), alias)).findFirst();
  }

  /** Whether a path of QEMU's object tree is that of a device: {@code /machine/peripheral/ID/…}. */
  private static boolean isOf(String path, String alias) {
    return !alias.isEmpty() && ("/" + path + "/").contains("/" + alias + "/");
  }
}
