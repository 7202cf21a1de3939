/** XML of guests and networks: schema, read-only model, reader and writer. */
module launcher.schemas {
  requires transitive java.xml;
  requires transitive jakarta.xml.bind;
  requires jing;
  requires org.glassfish.jaxb.core;
  requires org.glassfish.jaxb.runtime;
  requires static transitive org.jspecify;

  exports launcher.schemas;
  exports launcher.schemas.container;
  exports launcher.schemas.domain;
  exports launcher.schemas.network;
  exports launcher.schemas.secret;

  opens launcher.schemas to
      jakarta.xml.bind,
      org.glassfish.jaxb.core,
      org.glassfish.jaxb.runtime;
  opens launcher.schemas.domain to
      jakarta.xml.bind,
      org.glassfish.jaxb.core,
      org.glassfish.jaxb.runtime;
  opens launcher.schemas.network to
      jakarta.xml.bind,
      org.glassfish.jaxb.core,
      org.glassfish.jaxb.runtime;
}
