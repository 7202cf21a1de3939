package launcher.schemas.domain;

/** {@code <vsock>}: a socket between host and guest. */
public final class Vsock extends Device {
  private Vsock() {}
}
