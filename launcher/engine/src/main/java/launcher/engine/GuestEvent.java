package launcher.engine;

import java.time.Instant;

/**
 * Something that happened to a guest.
 *
 * @param at when
 * @param guest its name at that time
 * @param kind such as {@code lifecycle}, {@code agent-lifecycle}, {@code block-job}, {@code reboot}
 * @param detail such as {@code Started Booted}
 */
public record GuestEvent(Instant at, String guest, String kind, String detail) {}
