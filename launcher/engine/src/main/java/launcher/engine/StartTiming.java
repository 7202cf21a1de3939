package launcher.engine;

import java.time.Duration;

/**
 * How long one step of a start took, by the engine's own clock.
 *
 * @param step in words, such as {@code make folder '/run/launcher/guests/…'}
 * @param took until the next step began
 */
public record StartTiming(String step, Duration took) {}
