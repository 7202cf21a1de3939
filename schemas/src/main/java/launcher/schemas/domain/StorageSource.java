package launcher.schemas.domain;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Where the bytes of an image are. */
public sealed interface StorageSource {
  /** Nowhere: an empty drive. */
  record Empty() implements StorageSource {}

  /** A file of the host. */
  record File(String path) implements StorageSource {}

  /** A block device of the host. */
  record Block(String path) implements StorageSource {}

  /** A folder shown as a FAT file system. */
  record Folder(String path) implements StorageSource {}

  /** A volume of a storage pool. */
  record Volume(String pool, String volume, Optional<String> mode) implements StorageSource {}

  /** A namespace of an NVMe device that QEMU drives itself. */
  record Nvme(Address.Pci address, long namespace, boolean managed) implements StorageSource {}

  /** A vhost-user back end, which does all by itself. */
  record VhostUser(String socket, Optional<String> reconnectSeconds) implements StorageSource {}

  /** A vDPA device. */
  record VhostVdpa(String path) implements StorageSource {}

  /**
   * Something that a server gives.
   *
   * @param protocol {@code nbd}, {@code rbd}, {@code iscsi} …
   * @param name of it at the server, in the protocol's own form
   * @param query after the question mark of a URL
   * @param hosts the servers
   * @param tls whether the connection is encrypted; none leaves it to the host's settings
   * @param options what only some protocols know
   */
  record Network(
      String protocol,
      Optional<String> name,
      Optional<String> query,
      List<Host> hosts,
      Optional<Boolean> tls,
      Optional<String> tlsHostname,
      Options options)
      implements StorageSource {
    /** Copies the list. */
    public Network {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * A server.
   *
   * @param transport {@code tcp}, {@code unix} or {@code rdma}
   * @param name or address; none for a Unix socket
   * @param port none for the protocol's usual one
   * @param socket path of a Unix socket
   */
  record Host(
      String transport, Optional<String> name, Optional<String> port, Optional<String> socket) {}

  /**
   * What only some protocols know.
   *
   * @param configuration file of the client (rbd)
   * @param snapshot name of it (rbd)
   * @param initiator iSCSI qualified name of ours
   * @param cookies of an HTTP request
   * @param verify whether the server's certificate is checked; none for the usual
   * @param readaheadBytes how much is read ahead (http, ftp)
   * @param timeoutSeconds for an answer (http, ftp)
   * @param reconnectSeconds how long a lost connection is waited for (nbd)
   * @param user id or name at the server (nfs, ssh)
   * @param group id at the server (nfs)
   * @param keyFile private key (ssh)
   * @param knownHosts file of known host keys (ssh)
   */
  record Options(
      Optional<String> configuration,
      Optional<String> snapshot,
      Optional<String> initiator,
      List<Cookie> cookies,
      Optional<Boolean> verify,
      OptionalLong readaheadBytes,
      OptionalLong timeoutSeconds,
      OptionalInt reconnectSeconds,
      Optional<String> user,
      Optional<String> group,
      Optional<String> keyFile,
      Optional<String> knownHosts) {
    /** Copies the list. */
    public Options {
      cookies = List.copyOf(cookies);
    }
  }

  /** One HTTP cookie. */
  record Cookie(String name, String value) {}
}
