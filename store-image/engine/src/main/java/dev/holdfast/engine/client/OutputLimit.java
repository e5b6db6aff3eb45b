package dev.holdfast.engine.client;

/**
 * {@code client-output-buffer-limit} of one class.
 *
 * @param hard bytes at which a client is closed at once; 0 is no limit
 * @param soft bytes above which a client may be for {@code softSeconds}; 0 is no limit
 */
public record OutputLimit(long hard, long soft, long softSeconds) {
  public static final OutputLimit NONE = new OutputLimit(0, 0, 0);
}
