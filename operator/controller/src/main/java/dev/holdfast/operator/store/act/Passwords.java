package dev.holdfast.operator.store.act;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Makes passwords of letters and digits, so that they need no escaping in a URI or a shell: 32 of
 * them, 190 bits.
 */
public final class Passwords {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 32;

  private final RandomGenerator random;

  /** From the system's secure source. */
  public Passwords() {
    this(new SecureRandom());
  }

  Passwords(RandomGenerator random) {
    this.random = random;
  }

  String next() {
    var password = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }
}
