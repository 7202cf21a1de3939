package launcher.schemas.domain;

/** {@code <smartcard>}: a smartcard reader. */
public final class Smartcard extends Device {
  private Smartcard() {}
}
