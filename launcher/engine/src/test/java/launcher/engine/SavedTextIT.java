package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import launcher.engine.GuestState.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a guest, in its definition and in its saved states, on a real QEMU. */
@SuppressWarnings("NullAway.Init") // the guest is started before each test
final class SavedTextIT {
  private static final String XML =
      """
      <domain type='qemu'>
        <name>notes</name> <!-- mine -->
        <title>first</title>
        <memory unit='MiB'>16</memory>
        <os><type arch='x86_64' machine='pc'>hvm</type></os>
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='raw'/>
            <source file='DISK'/>
            <target dev='vda' bus='virtio'/>
          </disk>
          <memballoon model='none'/>
        </devices>
      </domain>
      """;

  @TempDir private Path root;
  private EngineOfTest engine;
  private Guest guest;

  @BeforeEach
  void start() throws IOException {
    String disk = BootSector.disk(root).toString();
    engine = new EngineOfTest(root);
    guest = engine.start(XML.replace("DISK", disk));
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private static SaveOptions running(boolean running) {
    return new SaveOptions(false, Optional.of(running), Optional.empty());
  }

  @Test
  void aSavedGuestComesBackAsItsTextWasChanged() {
    Path file = root.resolve("saved");
    guest.save(file, running(false), progress -> {});
    SavedGuest saved = engine.guests().saved(file);
    String before = saved.xml();
    assertEquals(
        "the <name> of a saved guest cannot change from 'notes' to 'other'",
        assertThrows(
                EngineException.class,
                () -> saved.change(before.replace(">notes<", ">other<"), Optional.empty()))
            .getMessage());
    assertThrows(
        EngineException.class,
        () -> saved.change(before.replace("first", "x".repeat(9000)), Optional.empty()));
    saved.change(before.replace("first", "second"), Optional.empty());
    guest = engine.guests().restore(file, RestoreOptions.AS_IT_WAS, progress -> {});
    assertEquals(Phase.PAUSED, guest.state().phase());
    assertTrue(guest.xml(XmlView.LIVE).contains("<title>second</title>"));
    guest.destroy(false);
    // shorter than its place: the memory behind it stays where it is
    saved.change(before.replace("<title>first</title>", ""), Optional.of(true));
    guest = engine.guests().restore(file, RestoreOptions.AS_IT_WAS, progress -> {});
    assertEquals(Phase.RUNNING, guest.state().phase());
    assertFalse(guest.xml(XmlView.LIVE).contains("<title>"));
  }

  @Test
  void aManagedSaveIsChangedInItsPlace() {
    guest.managedSave(running(false), progress -> {});
    guest.managedSave().change(guest.managedSave().xml(), Optional.of(true));
    guest.start(StartOptions.DEFAULT);
    assertEquals(Phase.RUNNING, guest.state().phase());
    assertThrows(EngineException.class, () -> guest.managedSave());
  }

  @Test
  void programsKeepTheirOwnWithIt() {
    String uri = "urn:example:app";
    Scope both = new Scope(true, true);
    guest.changes().metadata(uri, "app", Optional.of("<owner id='7'/>"), both);
    for (boolean live : new boolean[] {true, false}) {
      assertEquals(
          "<owner id='7'/>", guest.changes().metadata(uri, live).orElseThrow().strip(), "" + live);
    }
    String text = guest.xml(XmlView.AS_WRITTEN);
    assertTrue(text.contains("<name>notes</name> <!-- mine -->"), text);
    assertTrue(text.contains("<app:owner xmlns:app='urn:example:app' id='7'/>"), text);
    guest.changes().metadata(uri, "", Optional.empty(), both);
    assertEquals(Optional.empty(), guest.changes().metadata(uri, true));
    assertFalse(guest.xml(XmlView.AS_WRITTEN).contains("metadata"));
  }
}
