package launcher.drivers.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import launcher.drivers.qemu.address.Definitions;
import launcher.drivers.qemu.draft.Draft;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device is that the definition names without a model, by architecture. */
class DefaultModelsTest {
  @ParameterizedTest
  @CsvSource({
    "riscv64, virt, lsilogic",
    "aarch64, virt, lsilogic",
    "loongarch64, virt, virtio-scsi",
    "s390x, s390-ccw-virtio, virtio-scsi",
    "x86_64, pc, lsilogic"
  })
  void takesTheScsiControllerOfTheArchitecture(String arch, String machine, String model) {
    Draft draft = Definitions.completed(arch, machine, "<controller type='scsi' index='0'/>");
    List<String> models =
        draft.devices("controller").stream()
            .filter(c -> c.is("type", "scsi"))
            .map(c -> c.attribute("model", ""))
            .toList();
    assertEquals(List.of(model), models);
  }

  @ParameterizedTest
  @CsvSource({
    "riscv64, virt, 0",
    "ppc64, powernv9, 0",
    "ppc64, pseries, 1",
    "s390x, s390-ccw-virtio, 1"
  })
  void hasAPanicNotifierOfNoModelWhereTheMachineHasOne(String arch, String machine, int count) {
    assertEquals(count, Definitions.completed(arch, machine, "<panic/>").devices("panic").size());
  }
}
