package launcher.schemas;

import com.thaiopensource.resolver.Identifier;
import com.thaiopensource.resolver.Input;
import com.thaiopensource.resolver.Resolver;
import java.io.IOException;
import java.net.URI;

/**
 * Finds the files that a schema includes, inside a jar too: jing resolves them by {@link
 * URI#resolve}, which knows nothing relative to a {@code jar:} location.
 */
final class SchemaFiles implements Resolver {
  @Override
  public void resolve(Identifier identifier, Input input) {
    if (!input.isResolved()) {
      input.setUri(resolve(identifier.getBase(), identifier.getUriReference()));
    }
  }

  @Override
  public void open(Input input) throws IOException {
    if (!input.isOpen()) {
      input.setByteStream(URI.create(input.getUri()).toURL().openStream());
    }
  }

  /** A reference seen from {@code file:/a/b.rnc} or {@code jar:file:/x.jar!/a/b.rnc}. */
  static String resolve(String base, String reference) {
    int entry = base.indexOf("!/") + 1;
    String jar = base.substring(0, entry);
    return jar + URI.create(base.substring(entry)).resolve(reference);
  }
}
