package launcher.drivers.qemu.devices;

import java.util.Optional;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Rng;

/** {@code <rng>}: sources of random numbers. */
final class RandomNumbers {
  /** All of them. */
  static final CommandSection SECTION = RandomNumbers::write;

  /** Length of a period in milliseconds where the XML does not say. */
  private static final int PERIOD_MILLIS = 1000;

  private RandomNumbers() {}

  private static void write(Guest guest, CommandLine out) {
    for (Rng rng : guest.devices().rngs()) {
      String object = "obj" + rng.alias();
      out.add(rng, "-object", source(guest, out, rng).put("id", object));
      Props props =
          Virtio.device(guest, "virtio-rng", rng.model(), rng, rng.driver())
              .put("rng", object)
              .put("id", rng.alias());
      if (rng.rateBytes().isPresent()) {
        props
            .put("max-bytes", rng.rateBytes())
            .put("period", rng.ratePeriodMillis().orElse(PERIOD_MILLIS));
      }
      DeviceAddresses.put(props, guest, rng);
      out.add(rng, "-device", props);
    }
  }

  private static Props source(Guest guest, CommandLine out, Rng rng) {
    return switch (rng.backend()) {
      case Rng.Backend.RandomFile file ->
          Props.of("qom-type", "rng-random").put("filename", file.path());
      case Rng.Backend.Builtin ignored -> Props.of("qom-type", "rng-builtin");
      case Rng.Backend.Egd egd -> {
        String chardev = "char" + rng.alias();
        ChardevOptions.add(
            guest, out, rng, chardev, egd.backend(), Optional.empty(), ChardevOptions.Use.PLAIN);
        yield Props.of("qom-type", "rng-egd").put("chardev", chardev);
      }
    };
  }
}
