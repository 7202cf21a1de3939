package launcher.daemon;

import java.util.List;

/** All families of handlers. A new family is one more line here. */
final class Families {
  private Families() {}

  static Handlers all() {
    Handlers handlers = new Handlers();
    for (HandlerFamily family : List.<HandlerFamily>of()) {
      family.register(handlers);
    }
    return handlers;
  }
}
