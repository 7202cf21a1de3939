package launcher.schemas.domain;

/** {@code <input>}: a keyboard, mouse or tablet. */
public final class Input extends Device {
  private Input() {}
}
