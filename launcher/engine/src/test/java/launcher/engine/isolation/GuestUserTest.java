package launcher.engine.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.spawn.Identity;
import org.junit.jupiter.api.Test;

/** Who guests may not be. */
final class GuestUserTest {
  private static final long MANAGERS = 990;

  private static void check(Identity identity) {
    IsolationSettings.refuseManagers("guest", identity, Optional.of(MANAGERS));
  }

  @Test
  void aGuestIsInNoGroupThatManagesGuests() {
    check(new Identity(800, 800, List.of(36L)));
    IsolationSettings.refuseManagers(
        "guest", new Identity(800, MANAGERS, List.of()), Optional.empty());
    for (Identity manager :
        List.of(
            new Identity(800, MANAGERS, List.of()), new Identity(800, 800, List.of(MANAGERS)))) {
      EngineException e = assertThrows(EngineException.class, () -> check(manager));
      assertEquals(
          "guests may not run as 'guest' in the group 'launcher', whose members manage all guests:"
              + " give them another user or 'group' in isolation.conf",
          e.getMessage());
    }
  }
}
