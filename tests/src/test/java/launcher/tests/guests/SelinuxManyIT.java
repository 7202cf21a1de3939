package launcher.tests.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import launcher.tests.tree.InstalledLauncher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where SELinux enforces: many guests, started by two of root's daemons that know nothing of each
 * other and by a plain user's, all at once; the kernel is asked for the label of each process. They
 * are paused, so that starting them is all the work there is: some seconds of a processor each, in
 * a virtual machine without hardware's help. {@code -Dlauncher.labels=100} starts a hundred.
 */
final class SelinuxManyIT {
  /** Of the two daemons of root's together. */
  private static final int GUESTS = Integer.getInteger("launcher.labels", 20);

  private static final int PLAIN = 2;
  private static final int MEMORY_MIB = 1536 + 25 * GUESTS;

  @Test
  @Timeout(2400)
  void guestsOfTwoDaemonsHaveALabelEach() throws Exception {
    Path tree = InstalledLauncher.tree();
    String console = SelinuxGuest.make(tree).run(scenario(tree), MEMORY_MIB);
    List<String> labels = Answers.lines(console, "LABEL ");
    List<String> marked =
        labels.stream().filter(one -> one.matches("\\S+:svirt_t:s0:c\\d+,c\\d+ 0")).toList();
    assertEquals(GUESTS, marked.size(), console);
    assertEquals(GUESTS, marked.stream().distinct().count(), console);
    List<String> plain = labels.stream().filter(one -> one.endsWith(" 1000")).toList();
    assertEquals(PLAIN, plain.size(), console);
    assertTrue(plain.stream().noneMatch(one -> one.contains(":svirt_t:")), console);
    assertEquals(GUESTS + PLAIN, labels.size(), console);
  }

  private static String scenario(Path tree) {
    return """
    L=%1$s/bin/launcher
    mkdir -p /srv/one /srv/two /srv/user /xml
    chown 1000:1000 /srv/user
    one() { LAUNCHER_ROOT=/srv/one $L "$@"; }
    two() { LAUNCHER_ROOT=/srv/two $L "$@"; }
    user() { setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/srv/user LAUNCHER_ROOT=/srv/user $L "$@"; }
    names() { i=1; while [ $i -le $2 ]; do echo $1$i; i=$((i+1)); done; }
    files() { for name in $(names $1 $2); do
      echo "<domain type='qemu'><name>$name</name><memory unit='MiB'>2</memory><os><type arch='x86_64' machine='pc'>hvm</type></os><devices><memballoon model='none'/><video><model type='none'/></video></devices></domain>" > /xml/$name.xml; echo /xml/$name.xml; done; }
    one define $(files a %2$d) > /dev/null & A=$!
    two define $(files b %3$d) > /dev/null & B=$!
    user define $(files c %4$d) > /dev/null
    wait $A; wait $B
    echo "DEFINED $(cut -d ' ' -f 1 /proc/uptime)"
    one start --paused $(names a %2$d) > /one.log 2>&1 & A=$!
    two start --paused $(names b %3$d) > /two.log 2>&1 & B=$!
    user start --paused $(names c %4$d) > /user.log 2>&1
    wait $A; wait $B
    echo "STARTED $(cut -d ' ' -f 1 /proc/uptime)"
    grep -v started /one.log /two.log /user.log
    for p in /proc/[0-9]*; do
      case $(cat $p/comm 2>/dev/null) in
        qemu*) echo "LABEL $(tr -d '\\000' < $p/attr/current) $(stat -c %%u $p)";;
      esac
    done
    grep -E 'MemFree|MemAvailable' /proc/meminfo
    """
        .formatted(tree, GUESTS - GUESTS / 3, GUESTS / 3, PLAIN);
  }
}
