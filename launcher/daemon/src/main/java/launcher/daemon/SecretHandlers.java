package launcher.daemon;

import java.util.Base64;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Outcome;
import launcher.engine.secret.Secret;
import launcher.engine.secret.SecretStore;

/** Carries out the verbs about secrets. Values travel in base64. */
final class SecretHandlers implements HandlerFamily {
  private final SecretStore secrets;

  SecretHandlers(SecretStore secrets) {
    this.secrets = secrets;
  }

  @Override
  public void register(Handlers handlers) {
    handlers
        .read("secret-list", call -> Json.of(secrets.list().stream().map(this::row).toList()))
        .read(
            "secret-dumpxml",
            call ->
                Json.object("xml", XmlParts.of(call.arguments(), secrets.get(uuid(call)).xml())))
        .manage(
            "secret-define", call -> row(secrets.define(file(call), call.arguments().text("xml"))))
        .manage("secret-undefine", call -> done(() -> secrets.undefine(uuid(call))))
        .manage("secret-set-value", call -> done(() -> secrets.set(uuid(call), value(call))))
        .manage(
            "secret-get-value",
            call ->
                Json.object("value", Base64.getEncoder().encodeToString(secrets.show(uuid(call)))));
  }

  private Json row(Secret secret) {
    return Json.object(
        "uuid", secret.uuid(),
        "usage", secret.usage(),
        "use", secret.use(),
        "description", secret.description(),
        "ephemeral", secret.ephemeral(),
        "private", secret.confidential(),
        "hasValue", secrets.hasValue(secret));
  }

  private static String uuid(Call call) {
    return call.arguments()
        .findText("secret")
        .orElseThrow(() -> new ControlException(Outcome.USAGE, "no secret was named"));
  }

  private static String file(Call call) {
    return call.arguments().findText("file").orElse("secret");
  }

  private static byte[] value(Call call) {
    try {
      return Base64.getDecoder().decode(call.arguments().text("value"));
    } catch (IllegalArgumentException e) {
      throw new ControlException(
          Outcome.USAGE, "the value is not base64: give it with --plain, or encode it", e);
    }
  }
}
