package launcher.daemon;

/** Handlers that belong together, in one small class. */
public interface HandlerFamily {
  /** Registers them. */
  void register(Handlers handlers);
}
