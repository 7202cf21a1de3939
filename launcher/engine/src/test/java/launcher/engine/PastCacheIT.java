package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest saved past the page cache is saved all the same, and the cache holds nothing of it. */
final class PastCacheIT {
  private static final SaveOptions PAST = new SaveOptions(true, Optional.empty(), Optional.empty());

  @TempDir private Path root;

  @Test
  void aGuestIsSavedPastTheCacheAndComesBack() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/fincore")), "needs fincore (util-linux)");
    String type = Files.getFileStore(root).type();
    assumeTrue(
        List.of("ext4", "xfs", "btrfs").contains(type),
        "needs a file system with O_DIRECT under " + root + ", not " + type);
    String xml =
        """
        <domain type='qemu'><name>direct</name><memory unit='MiB'>32</memory>
        <os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features>
        <devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/>
        <target dev='vda' bus='virtio'/></disk><serial type='pty'/></devices></domain>
        """
            .formatted(BootSector.disk(root));
    try (Engine engine = Engine.open(Folders.under(root))) {
      Guest guest = engine.guests().define(xml, DefineOptions.STRICT).guest();
      guest.start(StartOptions.DEFAULT);
      Terminals.awaitWord(guest, "GUEST-UP"); // its firmware has used memory then
      guest.managedSave(PAST, _ -> {});
      Path saved = root.resolve("lib/saved").resolve(guest.uuid()).resolve("managed.save");
      assertTrue(Files.size(saved) > 600_000, "QEMU's stream is in it");
      long cached = cached(saved);
      // the head and the last piece, less than a block, go through the cache
      assertTrue(cached <= 64 << 10, cached + " of " + Files.size(saved) + " bytes are cached");
      guest.start(new StartOptions(false, false, true));
      assertEquals(GuestState.Phase.RUNNING, guest.state().phase());
      Path file = root.resolve("elsewhere.save");
      guest.save(file, PAST, _ -> {});
      guest.restore(file, new RestoreOptions(true, Optional.empty(), Optional.empty()), _ -> {});
      assertTrue(cached(file) <= 64 << 10, cached(file) + " bytes are cached");
      try (Console console = guest.console("", true)) {
        console.input().write('x');
        console.input().flush();
        Terminals.readUntil(console, "x"); // it goes on where it was
      }
      guest.destroy(false);
    }
  }

  private static long cached(Path file) throws IOException, InterruptedException {
    Process fincore =
        new ProcessBuilder("fincore", "--bytes", "--noheadings", "--output", "RES", file.toString())
            .start();
    String answer = new String(fincore.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, fincore.waitFor());
    return Long.parseLong(answer.strip());
  }
}
