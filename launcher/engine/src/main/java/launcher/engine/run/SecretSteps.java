package launcher.engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import launcher.drivers.plan.SecretStep;
import launcher.engine.secret.SecretStore;
import launcher.engine.store.AtomicFile;

/**
 * Seals secrets for QEMU: AES-256 in CBC mode with PKCS #7 padding, in base64, under a key that
 * QEMU reads from a file (QEMU's {@code secret} object, qapi/crypto.json).
 */
final class SecretSteps {
  private static final int KEY_BYTES = 32;
  private static final int VECTOR_BYTES = 16;
  private static final int OWNER_ONLY = 0600;

  private final SecretStore secrets;
  private final SecureRandom random = new SecureRandom();

  SecretSteps(SecretStore secrets) {
    this.secrets = secrets;
  }

  void carryOut(SecretStep step, Workspace workspace) throws IOException {
    switch (step) {
      case SecretStep.Seal seal -> {
        byte[] key = bytes(KEY_BYTES);
        for (String name : seal.names()) {
          seal(name, key, workspace);
        }
        AtomicFile.write(seal.key(), key, OWNER_ONLY);
        Arrays.fill(key, (byte) 0);
      }
    }
  }

  /** Takes a step back. */
  static void undo(SecretStep step) throws IOException {
    switch (step) {
      case SecretStep.Seal seal -> Files.deleteIfExists(seal.key());
    }
  }

  private void seal(String name, byte[] key, Workspace workspace) {
    byte[] vector = bytes(VECTOR_BYTES);
    byte[] plain = secrets.value(name);
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(vector));
      workspace.word(
          "$secret:" + name + "$", Base64.getEncoder().encodeToString(cipher.doFinal(plain)));
      workspace.word("$secret-iv:" + name + "$", Base64.getEncoder().encodeToString(vector));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
