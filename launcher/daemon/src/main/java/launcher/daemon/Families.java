package launcher.daemon;

import java.util.List;
import launcher.engine.Engine;
import launcher.engine.shutdown.HostShutdown;
import launcher.engine.shutdown.SystemState;

/** All families of handlers. A new family is one more line here. */
final class Families {
  private Families() {}

  static Handlers all(Engine engine, HostShutdown shutdown) {
    List<HandlerFamily> families =
        List.of(
            new LookHandlers(engine),
            new LifeHandlers(engine),
            new DefinitionHandlers(engine),
            new SaveHandlers(engine),
            new ChangeHandlers(engine),
            new TrafficHandlers(engine),
            new ThreadHandlers(engine),
            new JobHandlers(engine),
            new NodeHandlers(engine),
            new SnapshotHandlers(engine),
            new BlockJobHandlers(engine),
            new InsideHandlers(engine),
            new LogHandlers(engine),
            new ContainerHandlers(engine),
            new NetworkHandlers(engine::networks),
            new HostShutdownHandlers(shutdown, new SystemState(engine.bus())),
            new AddressHandlers(engine),
            new SecretHandlers(engine.secrets()),
            new AgentHandlers(engine),
            new NodeDeviceHandlers(engine),
            new HostHandlers(engine));
    Handlers handlers = new Handlers();
    families.forEach(family -> family.register(handlers));
    return handlers;
  }
}
