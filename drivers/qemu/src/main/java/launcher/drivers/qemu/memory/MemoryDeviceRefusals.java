package launcher.drivers.qemu.memory;

import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Refuses modules of memory that a guest cannot have. */
final class MemoryDeviceRefusals {
  private static final long SMALLEST_LABEL_KIB = 128;
  private static final long SMALLEST_BLOCK_KIB = 2048; // a huge page

  private MemoryDeviceRefusals() {}

  // A memory module belongs to a node of the guest.
  static void check(Draft draft) {
    total(draft);
    int nodes = NumaCells.of(draft.domain()).size();
    for (XmlElement memory : draft.devices("memory")) {
      String model = memory.attribute("model", "");
      module(draft, memory, model);
      boolean persistent = model.equals("nvdimm") || model.equals("virtio-pmem");
      if (persistent && memory.value("source/path", "").isEmpty()) {
        draft.refuse(memory, "path is required for model '%s'".formatted(model));
      }
      long node = Numbers.parse(memory.value("target/node", "")).orElse(-1);
      if (node >= nodes) {
        draft.refuse(
            memory,
            "there is no node '%d' for the memory: the guest has %d NUMA nodes"
                .formatted(node, nodes));
      }
    }
  }

  private static void module(Draft draft, XmlElement memory, String model) {
    if (!draft.domain().hasChild("maxMemory")) {
      draft.refuse(memory, "cannot use a memory device when domain 'maxMemory' is not defined");
    }
    boolean placed = model.equals("dimm") || model.equals("nvdimm") || model.equals("virtio-mem");
    boolean nodes = !NumaCells.of(draft.domain()).isEmpty();
    if (placed && nodes && memory.value("target/node", "").isEmpty()) {
      draft.refuse(memory, "target NUMA node needs to be specified for memory device");
    }
    if (model.equals("nvdimm") && memory.hasChild("uuid") != draft.machine().ppc64()) {
      draft.refuse(
          memory,
          draft.machine().ppc64()
              ? "UUID is required for NVDIMM device"
              : "UUID is not supported for NVDIMM device");
    }
    OptionalLong label = Numbers.parse(memory.value("target/label/size", ""));
    if (model.equals("nvdimm") && label.isPresent()) {
      if (label.getAsLong() < SMALLEST_LABEL_KIB) {
        draft.refuse(memory, "the label of an NVDIMM must have at least 128 KiB");
      }
      if (label.getAsLong() >= Numbers.parse(memory.value("target/size", "")).orElse(0)) {
        draft.refuse(memory, "the label of an NVDIMM must be smaller than the NVDIMM");
      }
    }
    if (memory.at("source/pmem").isPresent()
        && !draft.capabilities().has("memory-backend-file", "pmem")) {
      draft.refuse(memory, "this QEMU cannot be told that memory is persistent (pmem)");
    }
    if (model.equals("sgx-epc") && !draft.capabilities().has("sgx-epc")) {
      draft.refuse(memory, "sgx epc isn't supported by this QEMU binary");
    }
    if (model.equals("virtio-mem")) {
      virtioMem(draft, memory);
    }
  }

  private static void virtioMem(Draft draft, XmlElement memory) {
    long size = Numbers.parse(memory.value("target/size", "")).orElse(0);
    long block = Numbers.parse(memory.value("target/block", "")).orElse(0);
    long requested = Numbers.parse(memory.value("target/requested", "")).orElse(0);
    if (requested > size) {
      draft.refuse(memory, "requested size must be smaller than or equal to the device's size");
    }
    if (block < SMALLEST_BLOCK_KIB) {
      draft.refuse(memory, "block size too small, must be at least 2048 KiB");
    }
    if (Long.bitCount(block) != 1) {
      draft.refuse(memory, "block size must be a power of two");
    } else if (requested % block != 0) {
      draft.refuse(memory, "requested size must be an integer multiple of block size");
    } else if (size % block != 0) {
      draft.refuse(memory, "size must be an integer multiple of block size");
    }
  }

  // What modules give is a part of all memory.
  private static void total(Draft draft) {
    List<XmlElement> modules = draft.devices("memory");
    long all = Numbers.parse(draft.domain().value("memory", "")).orElse(0);
    long given = MemorySizes.modulesKib(draft.domain());
    if (!modules.isEmpty() && given > all) {
      draft.refuse(
          modules.getFirst(),
          "total size of memory devices exceeds the total memory size: %d KiB of %d KiB"
              .formatted(given, all));
    }
  }
}
