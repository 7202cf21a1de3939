package launcher.cli;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import launcher.control.Outcome;

/**
 * ^C while the daemon works for us, where that can be given up half-way: the daemon is asked to
 * give it up, and what it answers is told. A second ^C leaves at once, and the work to itself. What
 * ends this process otherwise (SIGTERM, SIGHUP, SIGKILL) leaves the work to itself too, as virsh
 * does.
 *
 * <p>The JDK's signals are sun.misc.Signal, of module jdk.unsupported: by its name, since the
 * compiler warns of it in a way that nothing suppresses.
 */
final class Interruption implements InvocationHandler {
  private final Session session;
  private final Output output;

  private Interruption(Session session, Output output) {
    this.session = session;
    this.output = output;
  }

  /** From now on; where the JVM has no such thing, ^C ends the process and nothing else. */
  static void listen(Session session, Output output) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object interrupt = signal.getConstructor(String.class).newInstance("INT");
      Object ours =
          Proxy.newProxyInstance(
              Interruption.class.getClassLoader(),
              new Class<?>[] {handler},
              new Interruption(session, output));
      Method handle = signal.getMethod("handle", signal, handler);
      Object before = handle.invoke(null, interrupt, ours);
      // a shell that runs us in the background has it ignored, and so it stays
      if (before.equals(handler.getField("SIG_IGN").get(null))) {
        handle.invoke(null, interrupt, before);
      }
    } catch (ReflectiveOperationException e) {
      return; // as it is without
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
  public Object invoke(Object self, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "handle" -> {
        interrupted();
        yield Outcome.CANCELLED; // of a method that gives nothing
      }
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "interruption";
    };
  }

  private void interrupted() {
    try {
      if (!session.interrupted() && session.cancel()) {
        output.note("\nasking the daemon to give it up; ^C again leaves it to itself\n");
        return;
      }
    } catch (IOException e) {
      output.error("the daemon cannot be asked to give it up: " + e.getMessage());
    }
    Runtime.getRuntime().halt(Outcome.CANCELLED.exitCode());
  }
}
