package launcher.engine;

import java.nio.file.Path;
import java.util.Random;
import launcher.spawn.RealSpawner;

/** Does things to guests, for ever, until it is killed: the other half of {@link ChaosIT}. */
final class ChaosWorker {
  private static final int GUESTS = 3;

  private ChaosWorker() {}

  /** Takes the root folder, the disk and a seed. */
  public static void main(String[] arguments) {
    Path root = Path.of(arguments[0]);
    Random random = new Random(Long.parseLong(arguments[2]));
    Engine engine = Engine.open(Folders.under(root), new RealSpawner(), TinyHypervisor::all);
    // the other side begins its countdown
    System.out.println("open");
    while (true) {
      String name = "chaos" + random.nextInt(GUESTS);
      try {
        act(engine, name, root.resolve(name + ".img"), random.nextInt(6));
      } catch (EngineException refused) {
        // the guest was in another state: as good an answer as any
        System.out.println(refused.getMessage());
      }
    }
  }

  private static void act(Engine engine, String name, Path disk, int which) {
    switch (which) {
      case 0 -> engine.guests().define(TinyHypervisor.xml(name, "pc", disk), DefineOptions.STRICT);
      case 1, 2 -> engine.guests().get(name).start(StartOptions.DEFAULT);
      case 3 -> engine.guests().get(name).managedSave(progress -> {});
      case 4 -> engine.guests().get(name).destroy(false);
      default -> engine.guests().get(name).suspend();
    }
  }
}
