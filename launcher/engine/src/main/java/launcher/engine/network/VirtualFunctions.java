package launcher.engine.network;

import java.io.IOException;
import java.util.List;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;

/** Hardware addresses and VLANs of the virtual functions of network cards (ip-link(8), vf). */
public final class VirtualFunctions {
  /** Drivers take no such address, though functions are born with it. */
  private static final String NO_ADDRESS = "00:00:00:00:00:00";

  /** What a function without an address gets back: one that is nobody's. */
  private static final String NEUTRAL = "02:00:00:00:00:00";

  private final HostTools tools;

  /** With the one door to processes. */
  public VirtualFunctions(Spawner spawner) {
    tools = new HostTools(spawner);
  }

  /**
   * What the card does with the frames of one function.
   *
   * @param mac hardware address
   * @param vlan tag, 0 for none
   */
  public record Setting(String mac, int vlan) {
    /** From {@link #lines}. */
    public static Setting of(List<String> lines) {
      return new Setting(lines.get(0), Integer.parseInt(lines.get(1)));
    }

    /** Two lines of text. */
    public List<String> lines() {
      return List.of(mac, Integer.toString(vlan));
    }
  }

  /**
   * What a function has.
   *
   * @param card name of the card's link
   * @throws IOException when the card does not tell
   */
  public Setting read(String card, int function) throws IOException {
    try {
      for (JsonObject link : tools.ip("link", "show", "dev", HostTools.word(card))) {
        for (JsonObject known : link.objects("vfinfo_list")) {
          if (known.number("vf", -1) == function) {
            return new Setting(
                known.string("address", known.string("mac", NO_ADDRESS)), vlan(known));
          }
        }
      }
    } catch (SpawnException | EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
    throw new IOException("network card '%s' has no function %d".formatted(card, function));
  }

  private static int vlan(JsonObject function) {
    List<JsonObject> list = function.objects("vlan_list");
    return (int) (list.isEmpty() ? function.number("vlan", 0) : list.getFirst().number("vlan", 0));
  }

  /** Gives a function an address and a VLAN. */
  public void set(String card, int function, Setting setting) throws IOException {
    String mac = setting.mac().equals(NO_ADDRESS) ? NEUTRAL : setting.mac();
    try {
      tools.ipBatch(
          List.of(
              "link set dev %s vf %d mac %s vlan %d"
                  .formatted(HostTools.word(card), function, HostTools.word(mac), setting.vlan())));
    } catch (SpawnException | EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
