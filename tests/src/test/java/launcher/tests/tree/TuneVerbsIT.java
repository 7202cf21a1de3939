package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.JsonReader;
import launcher.tests.guests.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Verbs that tune a guest, by the installed command: the kernel and QEMU say what has become of its
 * threads and disks.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class TuneVerbsIT {
  private static final String GUEST = "tuned";

  @TempDir Path folder = Path.of("/");
  private InstalledLauncher launcher = new InstalledLauncher(Path.of("/"), List.of());

  @BeforeEach
  void define() throws IOException, InterruptedException {
    Tools.require("qemu-system-x86_64", "qemu-system-x86");
    launcher = new InstalledLauncher(folder.resolve("root"), List.of());
    Path file = HelloGuest.in(folder, GUEST);
    String xml = Files.readString(file);
    String more =
        "<vcpu current='1'><!-- one of three -->3</vcpu><iothreads>1</iothreads>"
            + "<cputune><vcpupin vcpu='0' cpuset='0'/><vcpupin vcpu='2' cpuset='0'/>"
            + "<iothreadpin iothread='1' cpuset='0'/></cputune>";
    Files.writeString(
        file, xml.replaceFirst("<vcpu[^>]*>[^<]*</vcpu>", "").replace("<os>", more + "<os>"));
    launcher.succeed("define", file.toString());
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    launcher.run("destroy", GUEST);
  }

  private List<Members> ask(String command) throws IOException, InterruptedException {
    String answer =
        launcher.succeed("qemu-monitor-command", GUEST, "{\"execute\":\"" + command + "\"}");
    return ((Members) JsonReader.read(answer))
        .items("return").stream().map(item -> (Members) item).toList();
  }

  /** The kernel's word on where each thread of a kind may run. */
  private Map<String, String> affinities(String command, String key)
      throws IOException, InterruptedException {
    Map<String, String> found = new LinkedHashMap<>();
    for (Members thread : ask(command)) {
      Json name = thread.find(key).orElseThrow();
      String number =
          name instanceof Json.Text(String text) ? text : "" + thread.findWhole(key).get();
      found.put(number, affinity(thread.findWhole("thread-id").orElseThrow()));
    }
    return found;
  }

  private static String affinity(long thread) throws IOException {
    return Processes.status(thread, "Cpus_allowed_list");
  }

  @Test
  void threadsRunWhereTheyArePinned() throws IOException, InterruptedException {
    String all = affinity(ProcessHandle.current().pid());
    launcher.succeed("start", GUEST);
    assertEquals(Map.of("0", "0"), affinities("query-cpus-fast", "cpu-index"));
    assertEquals(Map.of("iothread1", "0"), affinities("query-iothreads", "id"));
    launcher.succeed("vcpupin", GUEST, "0", "r", "--live");
    assertEquals(Map.of("0", all), affinities("query-cpus-fast", "cpu-index"));
    launcher.succeed("setvcpu", GUEST, "2", "--enable");
    assertEquals(Map.of("0", all, "2", "0"), affinities("query-cpus-fast", "cpu-index"));
    launcher.succeed("iothreadadd", GUEST, "4", "--live");
    launcher.succeed("iothreadpin", GUEST, "4", "0");
    launcher.succeed("iothreadset", GUEST, "4", "--poll-max-ns", "4321");
    assertEquals(Map.of("iothread1", "0", "iothread4", "0"), affinities("query-iothreads", "id"));
    String shown = launcher.succeed("iothreadinfo", GUEST);
    assertTrue(shown.contains(" 4             0"), shown);
    launcher.succeed("iothreaddel", GUEST, "4");
    assertEquals(Map.of("iothread1", "0"), affinities("query-iothreads", "id"));
    launcher.succeed("emulatorpin", GUEST, "0");
    long pid = Long.parseLong(pid());
    assertEquals("0", affinity(pid));
    assertTrue(launcher.succeed("dumpxml", GUEST).contains("<emulatorpin cpuset='0'/>"));
    String text = launcher.succeed("dumpxml", GUEST, "--inactive", "--as-written");
    assertTrue(text.contains("<vcpu current='1'><!-- one of three -->3</vcpu>"), text);
  }

  private String pid() throws IOException {
    try (var records = Files.newDirectoryStream(folder.resolve("root/run/runs"), "*.json")) {
      Path record = records.iterator().next();
      return ((Members) JsonReader.read(Files.readString(record)))
          .findWhole("pid")
          .get()
          .toString();
    }
  }

  @Test
  void aDiskIsLimitedNowAndAtTheNextStart() throws IOException, InterruptedException {
    launcher.succeed("blkdeviotune", GUEST, "vda", "--read-iops-sec", "50", "--config");
    launcher.succeed("start", GUEST);
    assertEquals(50, limit("iops_rd"));
    launcher.succeed("blkdeviotune", GUEST, "vda", "--total-bytes-sec", "4M", "--live");
    assertEquals(4L << 20, limit("bps"));
    assertEquals(50, limit("iops_rd"));
    launcher.succeed("blkdeviotune", GUEST, "vda", "--total-iops-sec", "70");
    assertEquals(0, limit("iops_rd"));
    assertEquals(70, limit("iops"));
    String shown = launcher.succeed("blkdeviotune", GUEST, "vda", "--config");
    assertTrue(shown.contains("read_iops_sec  : 50\n"), shown);
    InstalledLauncher.Result both =
        launcher.run(
            "blkdeviotune", GUEST, "vda", "--total-bytes-sec", "1", "--read-bytes-sec", "1");
    assertEquals(2, both.status(), both.error());
    launcher.succeed("domblkthreshold", GUEST, "vda", "64k");
    assertTrue(launcher.succeed("domstats", GUEST, "--block").contains("threshold=65536"));
    assertEquals("No errors found\n\n", launcher.succeed("domblkerror", GUEST));
  }

  private long limit(String name) throws IOException, InterruptedException {
    return ask("query-block").getFirst().object("inserted").findWhole(name).orElse(-1L);
  }

  @Test
  void aGuestThatIsOffIsTunedByItsDefinition() throws IOException, InterruptedException {
    launcher.succeed("setvcpu", GUEST, "2", "--enable");
    launcher.succeed("vcpupin", GUEST, "1", "0");
    launcher.succeed("numatune", GUEST, "--nodeset", "0", "--mode", "preferred");
    launcher.succeed("iothreadadd", GUEST, "9");
    assertTrue(launcher.succeed("vcpucount", GUEST, "--current").startsWith("2\n"));
    launcher.succeed("start", GUEST);
    assertEquals(
        List.of("0", "2"),
        List.copyOf(new TreeSet<>(affinities("query-cpus-fast", "cpu-index").keySet())));
    assertTrue(affinities("query-iothreads", "id").containsKey("iothread9"));
    InstalledLauncher.Result stays = launcher.run("numatune", GUEST, "--nodeset", "0");
    assertNotEquals(0, stays.status());
    assertTrue(stays.error().contains("use --config for its next start"), stays.error());
  }

  @Test
  void whatIsWrongIsSaid() throws IOException, InterruptedException {
    launcher.succeed("start", GUEST);
    Map<List<String>, String> calls = new LinkedHashMap<>();
    calls.put(List.of("vcpupin", GUEST, "3", "0"), "has no processor 3");
    calls.put(List.of("vcpupin", GUEST, "0", "4095"), "cannot run on the processors '4095'");
    calls.put(List.of("vcpupin", GUEST, "0", "-1"), "has no option '-1'");
    calls.put(List.of("vcpupin", GUEST, "0", "1;x"), "is no set of processors");
    calls.put(List.of("iothreadadd", GUEST, "1"), "has an I/O thread 1 already");
    calls.put(List.of("iothreadadd", GUEST, "0"), "takes a number of at least 1");
    calls.put(List.of("iothreaddel", GUEST, "8"), "has no I/O thread 8");
    calls.put(List.of("setvcpu", GUEST, "7", "--enable"), "and none beyond");
    calls.put(List.of("setvcpu", GUEST, "0", "--disable"), "was there when it started");
    calls.put(List.of("setvcpu", GUEST, "0", "--enable"), "already");
    calls.put(List.of("blkdeviotune", GUEST, "vdz"), "has no disk 'vdz'");
    calls.put(
        List.of("blkdeviotune", GUEST, "vda", "--total-bytes-sec", "9999999999999999"),
        "is a number from 0 to");
    calls.put(List.of("domblkthreshold", GUEST, "vdz", "1"), "has no disk 'vdz'");
    calls.put(List.of("domjobabort", GUEST), "is in the middle of nothing");
    calls.put(List.of("dompmwakeup", GUEST), "not in suspended state");
    calls.put(List.of("send-process-signal", GUEST, "1", "term"), "is no container");
    calls.put(List.of("pool-list"), "launcher has no 'pool-list'");
    for (Map.Entry<List<String>, String> call : calls.entrySet()) {
      InstalledLauncher.Result result = launcher.run(call.getKey().toArray(String[]::new));
      assertNotEquals(0, result.status(), call.getKey() + ": " + result.output());
      assertTrue(result.error().contains(call.getValue()), call.getKey() + ": " + result.error());
    }
    assertEquals("running\n\n", launcher.succeed("domstate", GUEST));
  }
}
