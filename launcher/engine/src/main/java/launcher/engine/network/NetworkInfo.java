package launcher.engine.network;

/**
 * What net-info tells.
 *
 * @param active whether it is started
 * @param persistent whether it is defined, so that it outlives its stop
 * @param autostart whether it starts with the host
 * @param bridge the bridge guests are plugged into, empty for none
 */
public record NetworkInfo(
    String name,
    String uuid,
    boolean active,
    boolean persistent,
    boolean autostart,
    String bridge) {}
