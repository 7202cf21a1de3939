package launcher.schemas.network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import launcher.schemas.ModelElement;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;

/** Collects what is wrong with one document, each with its place. */
final class Problems {
  private final String file;
  private final List<XmlProblem> all = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  void add(ModelElement at, String message) {
    add(at.element(), message);
  }

  void add(XmlElement at, String message) {
    all.add(XmlProblem.at(file, at, message));
  }

  void addIf(boolean wrong, ModelElement at, String message) {
    if (wrong) {
      add(at, message);
    }
  }

  /** The value, or none and a problem where it cannot be made. */
  <T> Optional<T> attempt(ModelElement at, Supplier<T> value) {
    try {
      return Optional.of(value.get());
    } catch (IllegalArgumentException e) {
      add(at, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** The address, or none and a problem. */
  Optional<InetAddress> address(ModelElement at, String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      add(at, "'" + text + "' is no IP address");
      return Optional.empty();
    }
  }

  List<XmlProblem> all() {
    return List.copyOf(all);
  }
}
