package launcher.engine.network;

import java.time.Instant;

/**
 * Something that happened to a network.
 *
 * @param at when
 * @param network its name
 * @param kind {@code lifecycle}, {@code lease} or {@code server}
 * @param detail such as {@code started}, or {@code added 192.168.122.10 52:54:00:… web1}
 */
public record NetworkEvent(Instant at, String network, String kind, String detail) {}
