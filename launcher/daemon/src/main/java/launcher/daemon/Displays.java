package launcher.daemon;

import java.util.ArrayList;
import java.util.List;
import launcher.schemas.XmlElement;

/** Where the screens of a guest can be seen, as viewers take it. */
final class Displays {
  private static final int FIRST_VNC_PORT = 5900;

  private Displays() {}

  /**
   * {@code vnc://127.0.0.1:0} (the display's number), {@code spice://127.0.0.1:5901}; {@code
   * vnc+unix:///path} for one on a socket.
   */
  static List<String> of(XmlElement domain, boolean passwords) {
    List<String> uris = new ArrayList<>();
    for (XmlElement devices : domain.children("devices")) {
      for (XmlElement graphics : devices.children("graphics")) {
        String type = graphics.attribute("type", "");
        int port = Integer.parseInt(graphics.attribute("port", "-1"));
        if (port > 0 && (type.equals("vnc") || type.equals("spice"))) {
          int shown = type.equals("vnc") ? port - FIRST_VNC_PORT : port;
          String password =
              passwords
                  ? graphics.attribute("passwd").map(word -> ":" + word + "@").orElse("")
                  : "";
          uris.add(
              type + "://" + password + graphics.attribute("listen", "127.0.0.1") + ":" + shown);
        } else {
          graphics
              .attribute("socket")
              .or(() -> graphics.value("listen/@socket"))
              .ifPresent(socket -> uris.add(type + "+unix://" + socket));
        }
      }
    }
    return uris;
  }
}
