package launcher.engine.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Pointer;
import launcher.spawn.Errno;
import launcher.spawn.libc.LibC;
import launcher.spawn.libc.Native;

/** Opens taps (Linux, Documentation/networking/tuntap) as descriptors that close on exec. */
final class TapDevice {
  private static final String TUN = "/dev/net/tun";
  private static final int O_RDWR_CLOEXEC = 02 | 02000000;

  /** {@code _IOW('T', 202, int)} of linux/if_tun.h, the same on every architecture. */
  private static final long TUNSETIFF = 0x400454caL;

  private static final int IFF_TAP = 0x0002;
  private static final int IFF_MULTI_QUEUE = 0x0100;
  private static final int IFF_NO_PI = 0x1000;
  private static final int IFF_VNET_HDR = 0x4000;

  /** {@code struct ifreq} of linux/if.h: 16 bytes of name, then a union. */
  private static final int REQUEST_SIZE = 40;

  private static final int NAME_SIZE = 16;
  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final LibC C = Native.libc();

  private TapDevice() {}

  /** One queue of a tap, which is made with its first queue. */
  static int openTap(String name, boolean packetHeaders, boolean several) throws IOException {
    int descriptor = open(TUN);
    try {
      set(descriptor, name, packetHeaders, several);
      return descriptor;
    } catch (IOException e) {
      close(descriptor);
      throw e;
    }
  }

  /**
   * One queue of a macvtap.
   *
   * @param index of its link, which names its device
   */
  static int openMacvtap(long index, boolean packetHeaders, boolean several) throws IOException {
    int descriptor = open("/dev/tap" + index);
    try {
      set(descriptor, "", packetHeaders, several);
      return descriptor;
    } catch (IOException e) {
      close(descriptor);
      throw e;
    }
  }

  private static int open(String device) throws IOException {
    int descriptor = C.open(device, O_RDWR_CLOEXEC, 0);
    if (descriptor < 0) {
      throw refusal("'" + device + "' cannot be opened");
    }
    return descriptor;
  }

  private static void set(int descriptor, String name, boolean packetHeaders, boolean several)
      throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length >= NAME_SIZE) {
      throw new IOException("'" + name + "' is longer than 15 bytes, the kernel's limit");
    }
    Pointer request = Native.memory(REQUEST_SIZE);
    request.put(0, bytes, 0, bytes.length);
    int flags =
        IFF_TAP | IFF_NO_PI | (packetHeaders ? IFF_VNET_HDR : 0) | (several ? IFF_MULTI_QUEUE : 0);
    request.putShort(NAME_SIZE, (short) flags);
    if (C.ioctl(descriptor, TUNSETIFF, request) != 0) {
      throw refusal("tap '" + name + "'");
    }
  }

  /** With a way out for those who may make no links. */
  private static IOException refusal(String what) {
    int errno = Native.errno();
    boolean forbidden = errno == EPERM || errno == EACCES;
    return new IOException(
        what
            + ": "
            + Errno.text(errno)
            + (forbidden
                ? "; links of the host need root: ask the system's daemon, or give the guest an <interface type='user'>"
                : ""));
  }

  static void close(int descriptor) {
    C.close(descriptor);
  }
}
