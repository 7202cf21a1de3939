package launcher.drivers.qemu.address;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.pipeline.DraftPipeline;
import org.junit.jupiter.api.Test;

class OtherBusesTest {
  private static String place(Draft draft) {
    var address = Definitions.first(draft, "disk").child("address").orElseThrow();
    return address.attribute("controller", "")
        + address.attribute("bus", "")
        + address.attribute("unit", "");
  }

  @Test
  void diskNameSaysThePlace() {
    assertEquals("011", place(Definitions.completed("x86_64", "pc", disk("hdd", "ide"))));
    assertEquals("006", place(Definitions.completed("x86_64", "pc", disk("sdg", "scsi"))));
    assertEquals("100", place(Definitions.completed("x86_64", "pc", disk("sdh", "scsi"))));
    assertEquals("001", place(Definitions.completed("x86_64", "q35", disk("sdb", "sata"))));
  }

  private static String disk(String name, String bus) {
    return "<disk><source file='/d'/><target dev='%s' bus='%s'/></disk>".formatted(name, bus);
  }

  @Test
  void namesCountLikeColumnsOfATable() {
    assertEquals(0, DiskName.index("vda"));
    assertEquals(25, DiskName.index("sdz"));
    assertEquals(26, DiskName.index("sdaa"));
    assertEquals(702, DiskName.index("vdaaa"));
    assertEquals(-1, DiskName.index("hdaxxxxxxxxxx"));
    assertEquals(-1, DiskName.index("sd"));
    assertEquals(-1, DiskName.index("nvme0n1"));
  }

  @Test
  void hubsAreAddedWhereUsbPortsAreFew() {
    Draft draft =
        Definitions.completed(
            "x86_64",
            "pc",
            "<input type='tablet' bus='usb'/>".repeat(5) + "<memballoon model='none'/>");
    DraftPipeline.prepare(draft);

    assertEquals(1, draft.devices("hub").size());
    assertEquals("1", Definitions.first(draft, "hub").value("address/@port", ""));
    List<String> ports =
        draft.devices("input").stream()
            .filter(i -> i.is("bus", "usb"))
            .map(i -> i.value("address/@port", ""))
            .toList();
    assertEquals(List.of("2", "1.1", "1.2", "1.3", "1.4"), ports);
  }

  @Test
  void refusesAUsbPortBehindNoHub() {
    Draft draft =
        Definitions.completed(
            "x86_64",
            "pc",
            "<input type='mouse' bus='usb'><address type='usb' bus='0' port='1.2'/></input>");

    assertEquals(
        List.of("USB port bus='0' port='1.2': there is no hub at port 1"),
        Definitions.refusals(draft));
  }

  @Test
  void channelsOfS390AreCountedOn() {
    Draft draft =
        Definitions.completed(
            "s390x", "s390-ccw-virtio", disk("vda", "virtio") + disk("vdb", "virtio"));

    assertEquals(
        List.of("0x0000", "0x0001"),
        draft.devices("disk").stream().map(d -> d.value("address/@devno", "")).toList());
  }

  @Test
  void pciFunctionOfS390HasTwoNumbers() {
    Draft draft =
        Definitions.completed(
            "s390x",
            "s390-ccw-virtio",
            "<disk><source file='/d'/><target dev='vda' bus='virtio'/><address type='pci'/></disk>");

    assertEquals("0x0001", Definitions.first(draft, "disk").value("address/zpci/@uid", ""));
    assertEquals("0x00000000", Definitions.first(draft, "disk").value("address/zpci/@fid", ""));
  }

  @Test
  void anEmptyIdentityIsGivenInTheOrderOfTheDevices() {
    Draft draft =
        Definitions.completed(
            "s390x",
            "s390-ccw-virtio",
            "<rng model='virtio'><backend model='random'/><address type='pci'><zpci/></address></rng>"
                + "<disk><source file='/d'/><target dev='vda' bus='virtio'/><address type='pci'/></disk>");

    assertEquals("0x0001", Definitions.first(draft, "disk").value("address/zpci/@uid", ""));
    assertEquals("0x0002", Definitions.first(draft, "rng").value("address/zpci/@uid", ""));
  }

  @Test
  void fileSystemsAndSocketsStayOnPciBesideMappedDevices() {
    Draft draft =
        Definitions.completed(
            "aarch64",
            "virt",
            "<disk><source file='/d'/><target dev='vda' bus='virtio'/><address type='virtio-mmio'/></disk>"
                + "<filesystem><source dir='/s'/><target dir='t'/></filesystem>"
                + "<vsock><cid auto='yes'/></vsock><memballoon model='virtio'/>");

    assertEquals("pci", Definitions.first(draft, "filesystem").value("address/@type", ""));
    assertEquals("pci", Definitions.first(draft, "vsock").value("address/@type", ""));
    assertEquals("virtio-mmio", Definitions.first(draft, "memballoon").value("address/@type", ""));
  }
}
