package launcher.bench;

/** The names of acts and figures, as the report and the goals share them. */
final class Acts {
  static final String BARE = "bare QEMU";
  static final String VIRSH = "libvirt";
  static final String JAVA = "java";
  static final String BARE_JVM = "bare JVM start";
  static final String ONE_COMMAND = "launcher, one command";
  static final String FIRST_COMMAND = "first command of a plain user, no daemon";
  static final String IDS_OF_START =
      "process and thread ids of a start, beyond those of QEMU and of a bare JVM";
  static final String IDS_OF_LIST = "process and thread ids of a list, beyond those of a bare JVM";
  static final String FULL = "1000 defined, 50 run";
  static final String DESTROY_LATE = "destroy, the first process reaps late";

  private Acts() {}

  static String list(int defined) {
    return "list --all, " + defined + " defined";
  }

  /** How a start grows. */
  static String start(int defined, int running) {
    return "start, " + defined + " defined, " + running + " run";
  }

  static String parallel(int count) {
    return count + " parallel starts";
  }

  static String cpuUntilRun(int count) {
    return "cpu ms of " + parallel(count) + ", until all run";
  }

  static String cpuUntilQuiet(int count) {
    return "cpu ms of " + parallel(count) + ", until the firmware is through";
  }

  static String memory(String when) {
    return "daemon, MiB resident, " + when;
  }

  static String peak(String when) {
    return "daemon, MiB resident at most until then, " + when;
  }

  static String threads(String when) {
    return "daemon, threads, " + when;
  }
}
