package launcher.daemon;

/** The host itself. */
record HostHandlers() implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers.read("nodeinfo", _ -> NodeInfo.read());
  }
}
