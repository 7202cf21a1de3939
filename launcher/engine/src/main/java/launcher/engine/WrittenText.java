package launcher.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small changes in the user's own text that leave every other byte alone. */
final class WrittenText {
  // the first <name> after <domain …>, which is the guest's: devices have no <name> before it in
  // any document that the schema takes, since a comment may hold one it is skipped
  private static final Pattern NAME =
      Pattern.compile("<!--.*?-->|(<name>)([^<]*)(</name>)", Pattern.DOTALL);

  private WrittenText() {}

  static String withName(String written, String name) {
    Matcher matcher = NAME.matcher(written);
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        return written.substring(0, matcher.start(2))
            + escaped(name)
            + written.substring(matcher.end(2));
      }
    }
    return written;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
