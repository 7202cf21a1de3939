package launcher.engine.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A virtual function of a network card (SR-IOV).
 *
 * @param card name of the card's own link
 * @param index number of the function, from 0
 */
record SriovFunction(String card, int index) {
  private static final String LINK = "virtfn";

  /** The PCI addresses of all virtual functions of a device, in their order. */
  static List<String> all(Sysfs sysfs, Path physical) {
    return links(sysfs, physical)
        .flatMap(link -> sysfs.target(physical.resolve(link)).stream())
        .sorted()
        .toList();
  }

  private static Stream<String> links(Sysfs sysfs, Path physical) {
    return sysfs.names(physical).stream().filter(name -> name.matches(LINK + "\\d+"));
  }

  /**
   * That of a PCI address.
   *
   * @throws IOException when it is none
   */
  static SriovFunction of(Sysfs sysfs, String address) throws IOException {
    Path physical = sysfs.pci(address).resolve("physfn");
    List<String> links = sysfs.names(physical.resolve("net"));
    Optional<Integer> index =
        links(sysfs, physical)
            .filter(name -> sysfs.target(physical.resolve(name)).equals(Optional.of(address)))
            .map(name -> Integer.valueOf(name.substring(LINK.length())))
            .findFirst();
    if (index.isEmpty() || links.isEmpty()) {
      throw new IOException(
          "it is no virtual function of a network card (SR-IOV), and only those get their hardware address from the host: use <hostdev> instead of <interface type='hostdev'>");
    }
    return new SriovFunction(links.getFirst(), index.get());
  }
}
