package launcher.spawn.libc;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jnr.ffi.Pointer;
import launcher.spawn.Errno;
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
  private static final int PROGRAM_DETACH = 9;
  private static final int PROGRAM_BY_ID = 13;
  private static final int OBJECT_INFO = 15;
  private static final int PROGRAM_QUERY = 16;
  private static final int TYPE_CGROUP_DEVICE = 15;
  private static final int ATTACH_CGROUP_DEVICE = 6;

  /** Beside others' programs: what each of them allows may be opened. */
  private static final int ALLOW_MULTI = 2;

  private static final int INSTRUCTION = 8;

  /** As far as this file fills union bpf_attr; the kernel takes the rest for zero. */
  private static final int ATTRIBUTES = 72;

  private static final int NAME_AT = 48;

  /** Of a program's name, BPF_OBJ_NAME_LEN takes 15 letters. */
  private static final byte[] NAME = "launcher_device".getBytes(StandardCharsets.US_ASCII);

  /** As far as this file reads struct bpf_prog_info: to the end of the name. */
  private static final int INFO = 80;

  private static final int INFO_NAME_AT = 64;

  /** The kernel attaches no more to one group (BPF_CGROUP_MAX_PROGS). */
  private static final int MOST = 64;

  private static final int O_DIRECTORY =
      System.getProperty("os.arch").equals("aarch64") ? 040000 : 0200000;
  private static final LibC C = Native.libc();

  private GroupFilter() {}

  /**
   * Has the kernel check a program and attaches it to a group, in the place of the one that was
   * attached before. For a moment both decide, and what both allow may be opened all the while;
   * should this process end in between, the next call detaches the older ones.
   *
   * @param group folder of the group
   * @param program instructions of 8 bytes each, in the machine's byte order
   * @throws CallException when the kernel refuses it: EPERM without the right to, EINVAL where it
   *     cannot
   */
  public static void attach(Path group, byte[] program) throws CallException {
    int folder = Calls.open(group, O_DIRECTORY, 0);
    try {
      List<Integer> before = attached(folder);
      int loaded = load(program);
      try {
        Pointer words = attachment(folder, loaded);
        words.putInt(12, ALLOW_MULTI);
        call("BPF_PROG_ATTACH '" + group + "'", PROGRAM_ATTACH, words);
      } finally {
        Calls.close(loaded);
      }
      for (int id : before) {
        detachOwn(folder, id);
      }
    } finally {
      Calls.close(folder);
    }
  }

  private static Pointer attachment(int folder, int program) {
    Pointer words = Native.memory(ATTRIBUTES);
    words.putInt(0, folder);
    words.putInt(4, program);
    words.putInt(8, ATTACH_CGROUP_DEVICE);
    return words;
  }

  /** Numbers of the programs that are attached to a group itself, whosever they are. */
  private static List<Integer> attached(int folder) throws CallException {
    Pointer ids = Native.memory(MOST * Integer.BYTES);
    Pointer words = Native.memory(ATTRIBUTES);
    words.putInt(0, folder);
    words.putInt(4, ATTACH_CGROUP_DEVICE);
    words.putLong(16, ids.address());
    words.putInt(24, MOST);
    call("BPF_PROG_QUERY", PROGRAM_QUERY, words);
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < words.getInt(24); i++) {
      found.add(ids.getInt((long) i * Integer.BYTES));
    }
    return found;
  }

  /** systemd's, for instance, stays. */
  private static void detachOwn(int folder, int id) throws CallException {
    Pointer words = Native.memory(ATTRIBUTES);
    words.putInt(0, id);
    int program;
    try {
      program = call("BPF_PROG_GET_FD_BY_ID", PROGRAM_BY_ID, words);
    } catch (CallException gone) {
      if (gone.errno() == Errno.ENOENT) {
        return;
      }
      throw gone;
    }
    try {
      if (isOwn(program)) {
        call("BPF_PROG_DETACH", PROGRAM_DETACH, attachment(folder, program));
      }
    } finally {
      Calls.close(program);
    }
  }

  private static boolean isOwn(int program) throws CallException {
    Pointer info = Native.memory(INFO);
    Pointer words = Native.memory(ATTRIBUTES);
    words.putInt(0, program);
    words.putInt(4, INFO);
    words.putLong(8, info.address());
    call("BPF_OBJ_GET_INFO_BY_FD", OBJECT_INFO, words);
    byte[] name = new byte[NAME.length];
    info.get(INFO_NAME_AT, name, 0, name.length);
    return Arrays.equals(name, NAME);
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
    Pointer words = Native.memory(ATTRIBUTES);
    words.putInt(0, TYPE_CGROUP_DEVICE);
    words.putInt(4, program.length / INSTRUCTION);
    words.putLong(8, instructions.address());
    words.putLong(16, licensed.address());
    words.put(NAME_AT, NAME, 0, NAME.length);
    try {
      return call("BPF_PROG_LOAD", PROGRAM_LOAD, words);
    } finally {
      Reference.reachabilityFence(instructions); // only C knows their addresses
      Reference.reachabilityFence(licensed);
    }
  }

  private static int call(String name, int command, Pointer words) throws CallException {
    try {
      long result = C.syscall(SYS_BPF, command, words.address(), ATTRIBUTES, 0);
      if (result < 0) {
        throw Calls.failure(name, Native.errno());
      }
      return (int) result;
    } finally {
      Reference.reachabilityFence(words);
    }
  }
}
