package launcher.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final List<String> lines = new ArrayList<>();
  private final RefusalLog log = new RefusalLog(now::get, lines::add);

  private void refused(int uid) {
    log.refused(new Peer(4711, uid, uid, Set.of()), "'list'", "not you");
  }

  @Test
  void saysOneLineASecondAndHowManyItLeftOut() {
    refused(1000);
    refused(1000);
    refused(1000);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    refused(1000);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    refused(1000);
    assertEquals(
        List.of(
            "refused 'list' to pid 4711 of uid 1000: not you",
            "refused 'list' to pid 4711 of uid 1000: not you, and 2 times before",
            "refused 'list' to pid 4711 of uid 1000: not you"),
        lines);
  }

  @Test
  void oneUserDoesNotHideAnother() {
    refused(1000);
    refused(1001);
    assertEquals(2, lines.size());
  }
}
