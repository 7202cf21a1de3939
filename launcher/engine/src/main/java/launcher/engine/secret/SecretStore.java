package launcher.engine.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.store.AtomicFile;
import launcher.schemas.Uuids;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlReader;
import launcher.schemas.secret.SecretSchema;

/**
 * Secrets of one set of folders: {@code UUID.xml} says what for, {@code UUID.value} holds the
 * bytes, both readable by their owner only. The value of an ephemeral one lies in the runtime
 * folder, which no boot survives. The files are the truth; nothing is kept in memory.
 */
public final class SecretStore {
  /** Longest value in bytes: no password, key or keyring entry of a guest comes near it. */
  public static final int LONGEST_VALUE = 64 << 10;

  private static final String XML = ".xml";
  private static final String VALUE = ".value";
  private static final int OWNER_ONLY = 0700;

  private final Path folder;
  private final Path ephemeralFolder;

  /**
   * A store in two folders, which are made when something is written.
   *
   * @param ephemeralFolder for values that end with the host's session
   */
  public SecretStore(Path folder, Path ephemeralFolder) {
    this.folder = folder;
    this.ephemeralFolder = ephemeralFolder;
  }

  /** All secrets, by UUID. */
  public synchronized List<Secret> list() {
    List<Secret> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + XML)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        all.add(read(name.substring(0, name.length() - XML.length()), file));
      }
    } catch (NoSuchFileException nothingDefined) {
      return List.of();
    } catch (IOException e) {
      throw failed("the secrets in '" + folder + "' cannot be listed", e);
    }
    all.sort(Comparator.comparing(Secret::uuid));
    return List.copyOf(all);
  }

  /**
   * The secret of a UUID.
   *
   * @throws EngineException when there is none
   */
  public synchronized Secret get(String uuid) {
    Path file = folder.resolve(canonical(uuid) + XML);
    if (!Files.exists(file)) {
      throw new EngineException(
          Kind.NOT_FOUND, "there is no secret '%s': define it with secret-define".formatted(uuid));
    }
    return read(canonical(uuid), file);
  }

  private static Secret read(String uuid, Path file) {
    try {
      return Secret.of(XmlReader.read(file.toString(), Files.readAllBytes(file)), uuid);
    } catch (IOException e) {
      throw failed("the secret '" + uuid + "' cannot be read", e);
    }
  }

  /**
   * Defines a secret, or describes a known one anew; a value it has stays.
   *
   * @param file the document's name for problems
   * @throws EngineException with every problem of the XML, or when another secret has that use
   */
  public synchronized Secret define(String file, String xml) {
    Secret secret = checked(file, xml);
    for (Secret other : list()) {
      boolean same = other.uuid().equals(secret.uuid());
      boolean sameUse = other.usage().equals(secret.usage()) && other.use().equals(secret.use());
      if (!same && sameUse && !secret.usage().equals("none")) {
        throw new EngineException(
            Kind.EXISTS,
            "secret '%s' is already for %s '%s': give this one that UUID, or undefine that one"
                .formatted(other.uuid(), secret.usage(), secret.use()));
      }
      if (same && !sameUse) {
        throw new EngineException(
            Kind.EXISTS,
            "secret '%s' is for %s '%s', and guests may count on that: undefine it first"
                .formatted(other.uuid(), other.usage(), other.use()));
      }
    }
    write(folder, secret.uuid() + XML, secret.xml().getBytes(StandardCharsets.UTF_8));
    return secret;
  }

  private static Secret checked(String file, String xml) {
    try {
      XmlElement tree = XmlReader.read(file, xml);
      List<XmlProblem> problems = SecretSchema.check(file, tree);
      if (!problems.isEmpty()) {
        throw new EngineException(problems);
      }
      String uuid =
          tree.value("uuid")
              .map(SecretStore::canonical)
              .orElseGet(() -> UUID.randomUUID().toString());
      return Secret.of(tree, uuid);
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
  }

  /** Forgets a secret and its value; the value first, so that none stays without its secret. */
  public synchronized void undefine(String uuid) {
    Secret secret = get(uuid);
    try {
      delete(value(secret));
      AtomicFile.delete(folder.resolve(secret.uuid() + XML));
    } catch (IOException e) {
      throw failed("the secret '" + uuid + "' cannot be removed", e);
    }
  }

  private static void delete(Path file) throws IOException {
    if (Files.exists(file)) {
      AtomicFile.delete(file);
    }
  }

  /**
   * Gives a secret its value.
   *
   * @param value at most {@link #LONGEST_VALUE} bytes
   */
  public synchronized void set(String uuid, byte[] value) {
    Secret secret = get(uuid);
    if (value.length > LONGEST_VALUE) {
      throw new EngineException(
          Kind.INVALID,
          "the value of a secret has at most %d bytes, not %d"
              .formatted(LONGEST_VALUE, value.length));
    }
    Path file = value(secret);
    write(file.getParent() == null ? folder : file.getParent(), secret.uuid() + VALUE, value);
  }

  /**
   * The value for somebody who asks.
   *
   * @throws EngineException when it has none, or is private
   */
  public synchronized byte[] show(String uuid) {
    Secret secret = get(uuid);
    if (secret.confidential()) {
      throw new EngineException(
          Kind.WRONG_STATE, "secret '%s' is private: its value is shown to nobody".formatted(uuid));
    }
    return bytes(secret);
  }

  /**
   * The value for a guest.
   *
   * @param name a UUID, {@code usage:TYPE:USE}, or {@code text:} and the value itself
   * @throws EngineException when there is no such secret, or it has no value
   */
  public synchronized byte[] value(String name) {
    if (name.startsWith("text:")) {
      return name.substring("text:".length()).getBytes(StandardCharsets.UTF_8);
    }
    return bytes(name.startsWith("usage:") ? serving(name) : get(name));
  }

  private Secret serving(String name) {
    String[] words = name.split(":", 3);
    return list().stream()
        .filter(secret -> secret.serves(words[1], words[2]))
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                Kind.NOT_FOUND,
                "there is no secret for %s '%s': define it with secret-define"
                    .formatted(words[1], words[2])));
  }

  private byte[] bytes(Secret secret) {
    try {
      return Files.readAllBytes(value(secret));
    } catch (NoSuchFileException none) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "secret '%s' has no value: give it one with secret-set-value".formatted(secret.uuid()));
    } catch (IOException e) {
      throw failed("the value of secret '" + secret.uuid() + "' cannot be read", e);
    }
  }

  /** Whether it has a value. */
  public synchronized boolean hasValue(Secret secret) {
    return Files.exists(value(secret));
  }

  private Path value(Secret secret) {
    return (secret.ephemeral() ? ephemeralFolder : folder).resolve(secret.uuid() + VALUE);
  }

  private static void write(Path folder, String name, byte[] content) {
    try {
      AtomicFile.folder(folder, OWNER_ONLY);
      AtomicFile.write(folder.resolve(name), content, 0600);
    } catch (IOException e) {
      throw failed("'" + folder.resolve(name) + "' cannot be written", e);
    }
  }

  private static EngineException failed(String what, IOException e) {
    return new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
  }

  /** A UUID as files are named by it: anything else never becomes part of a path. */
  private static String canonical(String text) {
    return Uuids.canonical(text)
        .orElseThrow(() ->
            new EngineException(
                Kind.NOT_FOUND,
                "there is no secret '%s': secrets are named by UUID".formatted(text)));
  }
}
