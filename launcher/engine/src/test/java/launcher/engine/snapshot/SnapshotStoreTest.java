package launcher.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import launcher.engine.Snapshot;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots are listed without the guests that they remember. */
final class SnapshotStoreTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void theListIsThatOfTheWholeSnapshots() {
    SnapshotStore store = new SnapshotStore("web", folder);
    XmlElement domain =
        XmlReader.read(
            "d.xml",
            "<domain type='kvm'><name>web</name><description>a\n  &lt;/domain> b</description>"
                + "<devices><disk><target dev='vda'/></disk></devices></domain>");
    Snapshot first =
        new Snapshot(
            "first",
            "says\n  <domain >",
            Optional.empty(),
            Instant.ofEpochSecond(7),
            "running",
            true,
            List.of(new Snapshot.Disk("vda", Snapshot.Mode.INTERNAL, Optional.empty())),
            Optional.empty());
    Snapshot second =
        new Snapshot(
            "second",
            "",
            Optional.of("first"),
            Instant.ofEpochSecond(8),
            "shutoff",
            false,
            List.of(new Snapshot.Disk("vda", Snapshot.Mode.EXTERNAL, Optional.of(Path.of("/i/b")))),
            Optional.empty());
    store.add(SnapshotXml.write(first, domain, Optional.of(domain)), "text", Optional.empty());
    store.add(SnapshotXml.write(second, domain, Optional.empty()), "text", Optional.empty());
    assertEquals(List.of(first, second), store.snapshots());
    assertEquals(
        store.all().stream().map(SnapshotStore.Entry::snapshot).toList(), store.snapshots());
    assertEquals(2, store.count());
    // a child's new parent is written behind the guest
    store.remove(first);
    assertEquals(List.of(second.under(Optional.empty())), store.snapshots());
    assertEquals("web", store.get("second").domain().value("name", ""));
  }
}
