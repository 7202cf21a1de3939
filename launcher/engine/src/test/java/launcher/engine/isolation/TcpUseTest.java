package launcher.engine.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of QEMU's words needs TCP. */
final class TcpUseTest {
  private static boolean uses(String words) {
    return TcpUse.of(List.of(words.split(" ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-vnc 127.0.0.1:0",
        "-vnc [::]:3,password=on",
        "-vnc vnc=unix:/run/x.sock,websocket=5700",
        "-spice port=5900,addr=127.0.0.1",
        "-spice port=0,tls-port=5901,addr=127.0.0.1",
        "-netdev {\"type\":\"user\",\"id\":\"hostnet0\"}",
        "-netdev {\"type\":\"socket\",\"connect\":\"127.0.0.1:5558\",\"id\":\"hostnet0\"}",
        "-nic user,model=virtio",
        "-blockdev {\"driver\":\"nbd\",\"server\":{\"type\":\"inet\",\"host\":\"h\",\"port\":\"1\"}}",
        "-blockdev {\"driver\":\"rbd\",\"pool\":\"p\",\"image\":\"i\"}",
        "-blockdev {\"driver\":\"https\",\"url\":\"https://h/i\"}",
        "-drive file=rbd:pool/image,format=raw",
        "-drive file=nbd+tcp://h/x",
        "-chardev socket,id=charserial0,host=127.0.0.1,port=2222,server=on",
        "-chardev socket,id=charserial0,port=2222,host=h,telnet=on",
        "-serial tcp:127.0.0.1:1",
        "-display gtk",
        "-audiodev {\"id\":\"audio1\",\"driver\":\"pa\"}",
        "-gdb :1234",
        "-incoming tcp:0:1"
      })
  void isUsed(String words) {
    assertTrue(uses(words), words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-vnc unix:/run/vnc.sock",
        "-vnc none",
        "-spice port=0",
        "-spice unix=on,addr=/run/spice.sock",
        "-netdev {\"type\":\"tap\",\"fd\":\"3\",\"id\":\"hostnet0\"}",
        "-netdev {\"type\":\"stream\",\"addr\":{\"type\":\"unix\",\"path\":\"/run/passt\"}}",
        "-blockdev {\"driver\":\"file\",\"filename\":\"/srv/host=a,port=1.img\"}",
        "-blockdev {\"driver\":\"qcow2\",\"file\":\"x\"}",
        "-chardev socket,id=charmonitor,fd=3,server=on,wait=off",
        "-chardev socket,id=charserial0,path=/run/serial.sock",
        "-device {\"driver\":\"virtio-blk-pci\",\"addr\":\"0x2\"}",
        "-smp 2,sockets=2",
        "-display none",
        "-audiodev {\"id\":\"audio1\",\"driver\":\"none\"}",
        "-incoming fd:3",
        "-incoming defer"
      })
  void isNotUsed(String words) {
    assertTrue(!uses(words), words);
  }

  @Test
  void wordsThatSomebodyAddsAreNotUnderstood() {
    String added =
        "<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>a</name>%s</domain>";
    assertTrue(
        TcpUse.unknown(
            XmlReader.read(
                "test",
                added.formatted("<qemu:commandline><qemu:arg value='-s'/></qemu:commandline>"))));
    assertTrue(!TcpUse.unknown(XmlReader.read("test", added.formatted(""))));
  }

  @Test
  void theWordsOfAProcessAreItsOwn() {
    assertTrue(TcpUse.command((int) ProcessHandle.current().pid()).getFirst().endsWith("java"));
    assertEquals(List.of(), TcpUse.command(0));
  }
}
