package dev.holdfast.engine.config;

/**
 * A configuration that cannot be started with; the message is everything the person needs to see.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message, null, false, false);
  }
}
