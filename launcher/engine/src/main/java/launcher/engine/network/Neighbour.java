package launcher.engine.network;

/**
 * A machine that the host has spoken with (ip-neighbour(8)).
 *
 * @param link the host's interface it is behind
 * @param mac its hardware address
 * @param address its IP address
 */
public record Neighbour(String link, String mac, String address) {}
