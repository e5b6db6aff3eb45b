package dev.holdfast.engine.command.connection;

import dev.holdfast.engine.command.Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** The password of user {@code default}, the only user there is. Any thread may ask. */
public final class Password {
  private volatile String text = "";

  /** Empty for none: everybody is let in. */
  public void set(String password) {
    text = password;
  }

  public boolean isSet() {
    return !text.isEmpty();
  }

  /** The password, if there is one. */
  public Optional<String> get() {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** Whether user and password are right, in a time that does not tell how much of it was. */
  boolean accepts(String user, byte[] given) {
    return user.equals("default")
        && (text.isEmpty() || MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), given));
  }

  static Fault wrong() {
    return new Fault("WRONGPASS invalid username-password pair or user is disabled.");
  }
}
