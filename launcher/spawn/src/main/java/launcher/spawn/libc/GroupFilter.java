package launcher.spawn.libc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jnr.ffi.Pointer;
import launcher.spawn.libc.Calls.CallException;

/**
 * Programs for the kernel's virtual machine that decide which devices the processes of a control
 * group of version 2 may open (bpf(2), BPF_PROG_TYPE_CGROUP_DEVICE, Linux 4.15). One that is
 * attached stays as long as its group; launcher need not be alive.
 */
public final class GroupFilter {
  private static final int SYS_BPF = System.getProperty("os.arch").equals("aarch64") ? 280 : 321;
  private static final int PROGRAM_LOAD = 5;
  private static final int PROGRAM_ATTACH = 8;
  private static final int TYPE_CGROUP_DEVICE = 15;
  private static final int ATTACH_CGROUP_DEVICE = 6;

  /** Beside others' programs: what each of them allows may be opened. */
  private static final int ALLOW_MULTI = 2;

  private static final int INSTRUCTION = 8;

  /** As far as this file fills union bpf_attr; the kernel takes the rest for zero. */
  private static final int ATTRIBUTES = 72;

  private static final int NAME_AT = 48;
  private static final int O_DIRECTORY =
      System.getProperty("os.arch").equals("aarch64") ? 040000 : 0200000;
  private static final LibC C = Native.libc();

  private GroupFilter() {}

  /**
   * Has the kernel check a program and attaches it to a group.
   *
   * @param group folder of the group
   * @param program instructions of 8 bytes each, in the machine's byte order
   * @throws CallException when the kernel refuses it: EPERM without the right to, EINVAL where it
   *     cannot
   */
  public static void attach(Path group, byte[] program) throws CallException {
    int folder = Calls.open(group, O_DIRECTORY, 0);
    try {
      int loaded = load(program);
      try {
        Pointer words = Native.memory(ATTRIBUTES);
        words.putInt(0, folder);
        words.putInt(4, loaded);
        words.putInt(8, ATTACH_CGROUP_DEVICE);
        words.putInt(12, ALLOW_MULTI);
        call("BPF_PROG_ATTACH '" + group + "'", PROGRAM_ATTACH, words);
      } finally {
        Calls.close(loaded);
      }
    } finally {
      Calls.close(folder);
    }
  }

  /**
   * Whether the kernel checks and takes a program, which is then forgotten: false without the right
   * to, and where there are none.
   */
  public static boolean accepts(byte[] program) {
    try {
      Calls.close(load(program));
      return true;
    } catch (CallException refused) {
      return false;
    }
  }

  private static int load(byte[] program) throws CallException {
    Pointer instructions = Native.memory(program.length);
    instructions.put(0, program, 0, program.length);
    byte[] license =
        "GPL\0".getBytes(StandardCharsets.US_ASCII); // calls no helper that asks for it
    Pointer licensed = Native.memory(license.length);
    licensed.put(0, license, 0, license.length);
    byte[] name = "launcher_device".getBytes(StandardCharsets.US_ASCII); // BPF_OBJ_NAME_LEN
    Pointer words = Native.memory(ATTRIBUTES);
    words.putInt(0, TYPE_CGROUP_DEVICE);
    words.putInt(4, program.length / INSTRUCTION);
    words.putLong(8, instructions.address());
    words.putLong(16, licensed.address());
    words.put(NAME_AT, name, 0, name.length);
    return call("BPF_PROG_LOAD", PROGRAM_LOAD, words);
  }

  private static int call(String name, int command, Pointer words) throws CallException {
    long result = C.syscall(SYS_BPF, command, words.address(), ATTRIBUTES, 0);
    if (result < 0) {
      throw Calls.failure(name, Native.errno());
    }
    return (int) result;
  }
}
