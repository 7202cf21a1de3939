package launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.SecureRandomSpi;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's random numbers, and no other algorithm. A JVM's first Unix socket asks for a source
 * of random numbers by name, which only names to bind to would need, and the JDK makes all of its
 * first provider's services to find it: a sixth of a short command's processor time (JDK 25.0.3,
 * sun.nio.ch.UnixDomainSockets). This provider stands in front of the JDK's for that moment, on
 * this thread.
 *
 * <p>Remove when the JDK asks for its source when it needs one.
 */
final class KernelRandom extends Provider {
  private static final long serialVersionUID = 1;
  private static final String TYPE = "SecureRandom";
  private static final String ALGORITHM = "NativePRNGNonBlocking";

  private final transient Service service =
      new Service(this, TYPE, ALGORITHM, Source.class.getName(), null, null) {
        @Override
        public Object newInstance(@Nullable Object parameter) {
          return new Source();
        }
      };

  private KernelRandom() {
    super("launcher", "1", "random numbers of the kernel");
  }

  /**
   * Has the JDK make ready for Unix sockets now, with these numbers. The JVM must be told {@code
   * --add-exports=java.base/sun.security.jca=ALL-UNNAMED}; without that, and in a JDK that is
   * another inside, nothing is done here and the first socket takes its time.
   */
  static void prepareSockets() {
    try {
      Class<?> list = Class.forName("sun.security.jca.ProviderList");
      Class<?> providers = Class.forName("sun.security.jca.Providers");
      Method begin = providers.getMethod("beginThreadProviderList", list);
      Method end = providers.getMethod("endThreadProviderList", list);
      Object only =
          list.getMethod("newList", Provider[].class)
              .invoke(null, (Object) new Provider[] {new KernelRandom()});
      Object before = begin.invoke(null, only);
      try {
        Class.forName("sun.nio.ch.UnixDomainSockets");
      } finally {
        end.invoke(null, before);
      }
    } catch (ReflectiveOperationException anotherJdk) {
      return; // the first socket does it by itself
    }
  }

  @Override
  public @Nullable Service getService(String type, String algorithm) {
    return type.equals(TYPE) && algorithm.equals(ALGORITHM) ? service : null;
  }

  /** Reads what the kernel gives. */
  static final class Source extends SecureRandomSpi {
    private static final long serialVersionUID = 1;
    private static final Path DEVICE = Path.of("/dev/urandom");

    @Override
    protected void engineSetSeed(byte[] seed) {
      // the kernel's numbers need none
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      try (InputStream device = Files.newInputStream(DEVICE)) {
        if (device.readNBytes(bytes, 0, bytes.length) < bytes.length) {
          throw new IOException("it ended");
        }
      } catch (IOException e) {
        throw new UncheckedIOException("no random numbers from '" + DEVICE + "'", e);
      }
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      byte[] seed = new byte[count];
      engineNextBytes(seed);
      return seed;
    }
  }
}
