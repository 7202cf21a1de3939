package launcher.drivers.lxc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import launcher.drivers.lxc.conversion.DomainFromNative;
import launcher.drivers.plan.Plan;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;
import org.junit.jupiter.api.Test;

class LxcCorpusTest {
  @Test
  void completesAndPlansEveryDomainOfTheCorpus() {
    List<Path> cases = Samples.corpus("lxc", ".xml");
    assertTrue(cases.size() >= 7, "the corpus has " + cases.size());
    for (Path file : cases) {
      String text = Samples.read(file);
      XmlElement written = XmlReader.read(file.toString(), text);
      XmlElement completed = Samples.complete(text);
      // The corpus' domains are complete as they stand.
      assertEquals(Samples.meaning(written, ""), Samples.meaning(completed, ""), file.toString());
      Plan plan = Samples.plan(completed, Samples.FACTS);
      assertFalse(plan.command().words().isEmpty());
    }
  }

  @Test
  void convertsEveryNativeConfigurationOfTheCorpus() {
    List<Path> cases = Samples.corpus("lxc-native", ".config");
    assertTrue(cases.size() >= 8, "the corpus has " + cases.size());
    for (Path file : cases) {
      DomainFromNative.Result result =
          DomainFromNative.convert(file.toString(), Samples.read(file), Samples.UUID);
      Path expected = Path.of(file.toString().replace(".config", ".xml"));
      XmlElement wanted = XmlReader.read(expected.toString(), Samples.read(expected));
      assertTrue(result.domain().isPresent(), () -> file + ": " + result.problems());
      assertEquals(
          Samples.meaning(wanted, ""),
          Samples.meaning(result.domain().orElseThrow(), ""),
          file.toString());
    }
  }

  @Test
  void whatIsConvertedCanBeDefined() {
    for (Path file : Samples.corpus("lxc-native", ".config")) {
      String xml =
          XmlWriter.write(
              DomainFromNative.convert(file.toString(), Samples.read(file), Samples.UUID)
                  .domain()
                  .orElseThrow());
      XmlElement completed = Samples.complete(xml);
      assertFalse(Samples.configuration(completed, Samples.FACTS).isEmpty());
    }
  }
}
