package launcher.engine;

import java.util.function.Consumer;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.DeviceMatch;
import launcher.schemas.XmlElement;

/** The cables of a guest's network cards. */
record CardLinks(ChangeActs acts) {
  /**
   * Connects or disconnects a network card's cable.
   *
   * @param card its MAC address or the name of its link on the host
   */
  void link(String card, boolean up, Scope scope) {
    String state = up ? "up" : "down";
    card(
        "domif-setlink",
        card,
        scope,
        device -> device.childOrAdd("link").set("state", state),
        changed -> ToldTwice.link(acts.guest(), changed, up));
  }

  /**
   * Changes a network card.
   *
   * @param word its MAC address, the name of its link on the host or its alias
   * @param change of its XML
   * @param run told the card of the running guest as it will be, to make it so and to note it
   */
  void card(
      String act, String word, Scope scope, Consumer<XmlElement> change, Consumer<XmlElement> run) {
    XmlElement asked = cardNamed(word, scope.live() ? XmlView.LIVE : XmlView.INACTIVE);
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            act,
            text -> {
              int index = text.place(defined(asked));
              XmlElement device = text.deviceTree("interface", index).orElseThrow();
              change.accept(device);
              text.replaceDevice("interface", index, device);
            }),
        () -> {
          XmlElement card =
              DeviceMatch.find(acts.guest().name(), acts.life().running().live().copy(), asked)
                  .copy();
          change.accept(card);
          run.accept(card);
        });
  }

  /** A network card's XML. */
  XmlElement card(String word, boolean live) {
    XmlView view = live ? XmlView.LIVE : XmlView.INACTIVE;
    return DeviceMatch.find(acts.guest().name(), acts.guest().tree(view), cardNamed(word, view));
  }

  /** Whether a network card's cable is connected. */
  boolean linkUp(String card, boolean live) {
    return !card(card, live).value("link/@state", "up").equals("down");
  }

  private XmlElement cardNamed(String word, XmlView view) {
    for (XmlElement card : acts.guest().tree(view).childOrAdd("devices").children("interface")) {
      if (card.value("mac/@address", "").equalsIgnoreCase(word)
          || card.value("target/@dev", "").equals(word)
          || card.value("alias/@name", "").equals(word)) {
        XmlElement asked = XmlElement.of("interface");
        asked.add("mac").set("address", card.value("mac/@address", ""));
        return asked;
      }
    }
    throw new EngineException(
        Kind.NOT_FOUND, "guest '" + acts.guest().name() + "' has no network card '" + word + "'");
  }

  private XmlElement defined(XmlElement asked) {
    return DeviceMatch.find(
        acts.guest().name(), acts.life().definition().completed().copy(), asked);
  }
}
