package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import org.junit.jupiter.api.Test;

final class SnapshotWordsTest {
  @Test
  void aDoubledCommaIsOneOfTheFilesName() {
    assertEquals(
        Json.object("disk", "vda", "mode", "external", "file", "/a,b"),
        SnapshotVerbs.diskSpec("vda,snapshot=external,file=/a,,b"));
    assertEquals(Json.object("disk", "vda"), SnapshotVerbs.diskSpec("vda"));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    ControlException refused =
        assertThrows(ControlException.class, () -> SnapshotVerbs.diskSpec("vda,snapshto=no"));
    assertEquals(Outcome.USAGE, refused.outcome());
    assertEquals(
        "--diskspec is DISK[,snapshot=internal|external|no][,file=PATH], not 'vda,snapshto=no'",
        refused.getMessage());
  }

  @Test
  void descendantsGoAllTheWayDown() {
    List<Members> all =
        List.of(
            Json.object("name", "a"),
            Json.object("name", "b", "parent", "a"),
            Json.object("name", "c", "parent", "b"),
            Json.object("name", "d", "parent", "a"));
    assertEquals(2, SnapshotList.children(all, "a").size());
    assertEquals(3, SnapshotList.descendants(all, "a").size());
    assertEquals(List.of(), SnapshotList.descendants(all, "d"));
  }

  @Test
  void marksTheHostsProcessorsAsVirshDoes() {
    assertEquals("yy-y-", HostCpuMap.marks("0-1,3", 5));
    assertEquals("", HostCpuMap.marks("", 0));
    assertEquals("--", HostCpuMap.marks("", 2));
  }
}
