/**
 * The read-only model of a domain: one class a kind of element, filled by JAXB from the tree, read
 * by the drivers.
 */
@NullMarked
@XmlAccessorType(XmlAccessType.FIELD)
package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import org.jspecify.annotations.NullMarked;
