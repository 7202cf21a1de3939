package launcher.daemon;

import launcher.control.Json;

/** Handlers that belong together, in one small class. */
public interface HandlerFamily {
  /** Registers them. */
  void register(Handlers handlers);

  /** Acts; the reply says nothing but that it went well. */
  default Json done(Runnable act) {
    act.run();
    return Json.object();
  }
}
