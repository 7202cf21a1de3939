package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Audio;

/** {@code -audiodev}: where the sound of the guest's cards goes. */
final class AudioBackends {
  /** All of them. */
  static final CommandSection SECTION = AudioBackends::write;

  private AudioBackends() {}

  private static void write(Guest guest, CommandLine out) {
    for (Audio audio : guest.devices().audios()) {
      out.add(audio, "-audiodev", backend(audio));
    }
  }

  private static Props backend(Audio audio) {
    Props props =
        Props.of("id", "audio" + audio.id())
            .put("driver", driver(audio.type()))
            .put("timer-period", audio.timerPeriodMicros())
            .put("path", audio.path())
            .put("server", audio.serverName());
    props.truth("try-mmap", audio.tryMmap());
    props.truth("exclusive", audio.exclusive());
    props.put("dsp-policy", audio.dspPolicy());
    audio.input().ifPresent(input -> put(props, "in", stream(input)));
    audio.output().ifPresent(output -> put(props, "out", stream(output)));
    return props;
  }

  private static String driver(String type) {
    return switch (type) {
      case "pulseaudio" -> "pa";
      case "file" -> "wav";
      default -> type;
    };
  }

  private static void put(Props props, String direction, Props stream) {
    if (!stream.isEmpty()) {
      props.put(direction, stream);
    }
  }

  private static Props stream(Audio.Stream stream) {
    Props props = Props.empty();
    props.truth("mixing-engine", stream.mixingEngine());
    props.truth("fixed-settings", stream.fixedSettings());
    props
        .put("voices", stream.voices())
        .put("buffer-length", stream.bufferLengthMicros())
        .put("frequency", stream.frequency())
        .put("channels", stream.channels())
        .put("format", stream.format())
        .put("dev", stream.dev())
        .put("buffer-count", stream.bufferCount());
    props.truth("try-poll", stream.tryPoll());
    props
        .put("server-name", stream.serverName())
        .put("client-name", stream.clientName())
        .put("connect-ports", stream.connectPorts());
    props.truth("exact-name", stream.exactName());
    return props
        .put("name", stream.name())
        .put("stream-name", stream.streamName())
        .put("latency", stream.latencyMicros());
  }
}
