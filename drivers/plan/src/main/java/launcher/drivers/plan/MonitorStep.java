package launcher.drivers.plan;

import java.nio.file.Path;

/** Steps that speak to the started program: QEMU's monitor. */
public sealed interface MonitorStep extends Step {
  @Override
  default String undo() {
    return "";
  }

  /** Connects to the monitor and agrees on capabilities; everything after needs it. */
  record Handshake(Path socket) implements MonitorStep {
    @Override
    public String name() {
      return "monitor handshake";
    }

    @Override
    public String object() {
      return socket.toString();
    }
  }

  /**
   * Tells the program one thing.
   *
   * @param purpose what for, such as {@code set balloon}
   * @param command name of the QMP command
   * @param arguments its arguments as a JSON object, without any secret
   */
  record Command(String purpose, String command, String arguments) implements MonitorStep {
    @Override
    public String name() {
      return purpose;
    }

    @Override
    public String object() {
      return command + " " + arguments;
    }
  }

  /**
   * Plugs in the processors that can be plugged out again.
   *
   * @param count how many there are then, those of the start included
   */
  record PlugProcessors(long count) implements MonitorStep {
    @Override
    public String name() {
      return "plug in processors";
    }

    @Override
    public String object() {
      return Long.toString(count);
    }
  }

  /**
   * Plugs one processor in, where others before it stay away.
   *
   * @param number among the guest's processors, from 0
   */
  record PlugProcessor(long number) implements MonitorStep {
    @Override
    public String name() {
      return "plug in processor";
    }

    @Override
    public String object() {
      return Long.toString(number);
    }
  }

  /**
   * Says on which of the host's processors some of the program's threads may run.
   *
   * @param threads which of them
   * @param number of the guest's processor or the I/O thread; 0 for all others
   * @param processors of the host, such as {@code 0-3,7}
   */
  record Pin(Threads threads, long number, String processors) implements MonitorStep {
    /** The threads of a machine. */
    public enum Threads {
      /** That runs one processor of the guest. */
      PROCESSOR,
      /** That serves disks. */
      IO_THREAD,
      /** All others. */
      EMULATOR
    }

    @Override
    public String name() {
      return switch (threads) {
        case PROCESSOR -> "pin processor " + number;
        case IO_THREAD -> "pin I/O thread " + number;
        case EMULATOR -> "pin emulator";
      };
    }

    @Override
    public String object() {
      return processors;
    }
  }

  /** Lets the guest's processors run. */
  record Continue() implements MonitorStep {
    @Override
    public String name() {
      return "continue";
    }

    @Override
    public String object() {
      return "";
    }
  }
}
