package launcher.engine.isolation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the program by which a control group of version 2 allows some devices: it is asked with
 * struct bpf_cgroup_dev_ctx whenever a process of the group opens or makes one, and answers 1 or 0
 * (linux/bpf.h). Whoever has the right to may make any node, as LXC's and systemd's rules have it:
 * the guest has not, and the file server of a shared folder makes them for the guest, which opens
 * them inside.
 */
final class DeviceProgram {
  private static final Pattern RULE = Pattern.compile("([bc]) (\\d+|\\*):(\\d+|\\*) ([rwm]+)");
  private static final int READ = 2;
  private static final int WRITE = 4;
  private static final int BLOCK = 1;
  private static final int CHARACTER = 2;
  private static final int LOW_HALF = 0xffff;
  private static final int HALF_BITS = 16;

  // instructions (linux/bpf_common.h): a class, an operation, an operand in the instruction
  private static final int LOAD_WORD = 0x61;
  private static final int MOVE = 0xb7;
  private static final int AND = 0x57;
  private static final int SHIFT_RIGHT = 0x77;
  private static final int JUMP_IF_NOT = 0x55;
  private static final int JUMP_IF_ANY = 0x45;
  private static final int EXIT = 0x95;

  // registers: the answer, what is asked about, and what is taken from it
  private static final int ANSWER = 0;
  private static final int ASKED = 1;
  private static final int TYPE = 2;
  private static final int ACCESS = 3;
  private static final int MAJOR = 4;
  private static final int MINOR = 5;

  private static final int INSTRUCTION = 8;
  private static final int LONGEST_RULE = 6;
  private static final int FRAME = 12;

  private final ByteBuffer code;

  private DeviceProgram(int rules) {
    code =
        ByteBuffer.allocate((rules * LONGEST_RULE + FRAME) * INSTRUCTION)
            .order(ByteOrder.nativeOrder());
  }

  /**
   * The program.
   *
   * @param allowed in the words of version 1: {@code c 1:3 rw}, with {@code *} for any number
   */
  static byte[] of(List<String> allowed) {
    DeviceProgram program = new DeviceProgram(allowed.size());
    program.begin();
    allowed.forEach(program::rule);
    program.answer(0);
    return Arrays.copyOf(program.code.array(), program.code.position());
  }

  private void begin() {
    load(TYPE, 0);
    immediate(AND, TYPE, LOW_HALF);
    load(ACCESS, 0);
    immediate(SHIFT_RIGHT, ACCESS, HALF_BITS);
    load(MAJOR, Integer.BYTES);
    load(MINOR, 2 * Integer.BYTES);
    jump(JUMP_IF_ANY, ACCESS, READ | WRITE, 2);
    answer(1);
  }

  private void rule(String words) {
    Matcher rule = RULE.matcher(words);
    if (!rule.matches()) {
      throw new IllegalArgumentException("Not a device rule: " + words);
    }
    int denied = access(rule.group(4)) ^ (READ | WRITE);
    boolean anyMajor = rule.group(2).equals("*");
    boolean anyMinor = rule.group(3).equals("*");
    // how many instructions of the rule are left: as far as each check jumps
    int left = 2 + (anyMajor ? 0 : 1) + (anyMinor ? 0 : 1) + (denied == 0 ? 0 : 1);
    jump(JUMP_IF_NOT, TYPE, rule.group(1).equals("b") ? BLOCK : CHARACTER, left--);
    if (!anyMajor) {
      jump(JUMP_IF_NOT, MAJOR, Integer.parseInt(rule.group(2)), left--);
    }
    if (!anyMinor) {
      jump(JUMP_IF_NOT, MINOR, Integer.parseInt(rule.group(3)), left--);
    }
    if (denied != 0) {
      jump(JUMP_IF_ANY, ACCESS, denied, left);
    }
    answer(1);
  }

  private static int access(String letters) {
    return (letters.contains("r") ? READ : 0) | (letters.contains("w") ? WRITE : 0);
  }

  private void answer(int answer) {
    immediate(MOVE, ANSWER, answer);
    write(EXIT, 0, 0, 0);
  }

  private void load(int register, int offset) {
    write(LOAD_WORD, register | ASKED << 4, offset, 0);
  }

  private void immediate(int operation, int register, int value) {
    write(operation, register, 0, value);
  }

  private void jump(int condition, int register, int value, int over) {
    write(condition, register, over, value);
  }

  private void write(int operation, int registers, int offset, int value) {
    code.put((byte) operation).put((byte) registers).putShort((short) offset).putInt(value);
  }
}
