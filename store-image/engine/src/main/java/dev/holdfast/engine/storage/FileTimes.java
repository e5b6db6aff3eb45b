package dev.holdfast.engine.storage;

import java.time.Instant;

/**
 * When a file was last written and when it was made, by the clock of its system.
 *
 * @param made the same as {@code written} where the file system does not know
 */
public record FileTimes(Instant written, Instant made) {}
