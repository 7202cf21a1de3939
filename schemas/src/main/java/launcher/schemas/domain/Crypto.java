package launcher.schemas.domain;

/** {@code <crypto>}: a crypto accelerator. */
public final class Crypto extends Device {
  private Crypto() {}
}
