package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** The raw {@code <backingStore>} or {@code <dataStore>}; {@link #image()} is what drivers read. */
final class ImageElement extends ModelElement {
  @XmlAttribute private @Nullable String type;
  @XmlElement private @Nullable Format format;
  @XmlElement private @Nullable SourceElement source;
  @XmlElement private @Nullable ImageElement backingStore;

  private ImageElement() {}

  Image image() {
    SourceElement from = source == null ? SourceElement.none() : source;
    return from.image(
        type == null ? "file" : type,
        format == null || format.type == null ? "raw" : format.type,
        below(backingStore),
        format == null ? OptionalLong.empty() : MetadataCache.bytes(format.metadataCache),
        Optional.empty(),
        Optional.empty(),
        element());
  }

  static Image.Below below(@Nullable ImageElement backingStore) {
    if (backingStore == null) {
      return new Image.Below.Unknown();
    }
    return backingStore.type == null
        ? new Image.Below.End()
        : new Image.Below.Backing(backingStore.image());
  }

  static final class Format {
    @XmlAttribute private @Nullable String type;

    @XmlElement(name = "metadata_cache")
    private @Nullable MetadataCache metadataCache;
  }

  /** {@code <metadata_cache><max_size>}. */
  static final class MetadataCache {
    @XmlElement(name = "max_size")
    private @Nullable Scaled maxSize;

    static OptionalLong bytes(@Nullable MetadataCache cache) {
      return cache == null || cache.maxSize == null
          ? OptionalLong.empty()
          : cache.maxSize.bytes("bytes");
    }
  }
}
