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

  /** Its version, for the report. */
  String version() throws Exception;

  /**
   * Starts the peer's daemon, with nothing defined, and returns when it answers.
   *
   * @param folder an empty folder for what is not in the system's folders
   */
  void open(Path folder) throws Exception;

  /**
   * The command that a person would type.
   *
   * @param words the verb and its arguments, as virsh takes them
   */
  List<String> command(String... words);

  /** The same for containers. */
  List<String> containerCommand(String... words);

  /** The one command that starts many guests, if there is one. */
  Optional<List<String>> startMany(List<String> guests);

  /** Defines many guests by the quickest way it has; its time is not taken. */
  void defineAll(List<Path> files) throws Exception;

  /** The process id of its daemon. */
  long daemonPid();

  /** The end of the daemon's log, for a section that failed. */
  Optional<String> log();

  /** Ends the daemon. */
  void close() throws Exception;
}
