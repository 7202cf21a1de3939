package launcher.engine;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.DeviceMatch;
import launcher.engine.run.DeviceMove.Subject;
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
        (before, _) -> ToldTwice.link(acts.guest(), before, up));
  }

  /**
   * Changes a network card.
   *
   * @param word its MAC address, the name of its link on the host or its alias
   * @param change of its XML
   * @param run told the card of the running guest before and after the change
   */
  void card(
      String act,
      String word,
      Scope scope,
      Consumer<XmlElement> change,
      BiConsumer<XmlElement, XmlElement> run) {
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
          XmlElement before =
              DeviceMatch.find(acts.guest().name(), acts.life().running().live().copy(), asked)
                  .copy();
          XmlElement after = before.copy();
          change.accept(after);
          run.accept(before, after);
          acts.alive(live -> change.accept(DeviceMatch.find(acts.guest().name(), live, asked)));
        });
  }

  /** Changes what a card may carry; the kernel alone knows what its link carries now. */
  void limit(
      String word,
      Scope scope,
      Consumer<XmlElement> change,
      BiConsumer<XmlElement, XmlElement> follow) {
    card(
        "domiftune",
        word,
        scope,
        change,
        (before, after) ->
            new AskedAgain(acts.life())
                .change(
                    Subject.TRAFFIC,
                    after.value("target/@dev", ""),
                    () -> {
                      follow.accept(before, after);
                      XmlElement asked = XmlElement.of("interface");
                      asked.add("mac").set("address", after.value("mac/@address", ""));
                      acts.alive(live ->
                          change.accept(DeviceMatch.find(acts.guest().name(), live, asked)));
                    }));
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
