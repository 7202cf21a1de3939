package launcher.drivers.qemu.cpu;

import java.util.Map;

/** Features that libvirt's definitions spell otherwise than QEMU. */
public final class CpuFeatureNames {
  private static final Map<String, String> QEMU =
      Map.ofEntries(
          Map.entry("cmp_legacy", "cmp-legacy"),
          Map.entry("ds_cpl", "ds-cpl"),
          Map.entry("fxsr_opt", "fxsr-opt"),
          Map.entry("kvm_pv_eoi", "kvm-pv-eoi"),
          Map.entry("kvm_pv_unhalt", "kvm-pv-unhalt"),
          Map.entry("lahf_lm", "lahf-lm"),
          Map.entry("nodeid_msr", "nodeid-msr"),
          Map.entry("nrip_save", "nrip-save"),
          Map.entry("pclmuldq", "pclmulqdq"),
          Map.entry("perfctr_core", "perfctr-core"),
          Map.entry("perfctr_nb", "perfctr-nb"),
          Map.entry("svm_lock", "svm-lock"),
          Map.entry("tsc_adjust", "tsc-adjust"),
          Map.entry("tsc_scale", "tsc-scale"),
          Map.entry("vmcb_clean", "vmcb-clean"));

  private CpuFeatureNames() {}

  static String toQemu(String libvirt) {
    return QEMU.getOrDefault(libvirt, libvirt);
  }

  /** The name that a definition has for a feature of QEMU's. */
  public static String ofLibvirt(String qemu) {
    return QEMU.entrySet().stream()
        .filter(name -> name.getValue().equals(qemu))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(qemu);
  }
}
