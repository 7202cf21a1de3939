package launcher.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** What a plain user does with a container; says each step on standard output. */
final class PlainUserWorker {
  private PlainUserWorker() {}

  /**
   * Begins when its standard input has a line: by then it is in its own control groups.
   *
   * @param words the folder of the engine, and the container's XML
   */
  public static void main(String... words) throws IOException {
    if (System.in.read() < 0) {
      return;
    }
    // as the XDG runtime folder is: nobody else may enter it
    try (Engine engine = Engine.open(Folders.under(Path.of(words[0])))) {
      Guest guest = engine.guests().define(words[1], DefineOptions.STRICT).guest();
      guest.start(StartOptions.DEFAULT);
      System.out.println("STATE " + guest.state());
      try (Console console = guest.console("", true)) {
        Terminals.readUntil(console, "CONTAINER-UP");
        console.input().write("hi\n".getBytes(StandardCharsets.US_ASCII));
        Terminals.readUntil(console, "HEARD hi");
        System.out.println("CONSOLE");
      }
      System.out.println("ROOT " + Containers.status(guest, "Uid").split("\\s+")[0]);
      guest.suspend();
      System.out.println("FROZEN " + guest.state());
      guest.resume();
      guest.limits().memory(32_768);
      System.out.println("LIMIT " + guest.limits().all().get(GuestLimit.HARD_LIMIT));
      guest.shutdown(ShutdownOptions.within(Duration.ofSeconds(60)));
      System.out.println("END " + guest.state());
    }
  }
}
