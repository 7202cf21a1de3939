package launcher.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A program that runs guests from libvirt's XML with verbs named like virsh's. */
interface Peer {
  /** As the table names it. */
  String name();

  /** Why this peer cannot run here, in words for the report; empty where it can. */
  Optional<String> absence();

  /**
   * Starts the peer's daemon, with nothing defined, and returns when it answers.
   *
   * @param folder an empty folder for all its state
   */
  void open(Path folder) throws Exception;

  /**
   * The command that a person would type.
   *
   * @param words the verb and its arguments, as virsh takes them
   */
  List<String> command(String... words);

  /** The process id of its daemon. */
  long daemonPid();

  /** Ends the daemon and every guest of this run. */
  void close() throws Exception;
}
