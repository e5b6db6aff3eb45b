package dev.holdfast.operator.store.act;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordsTest {

  @Test
  void aPasswordIsLongDifferentEachTimeAndNeedsNoEscaping() {
    var passwords = new Passwords();

    assertThat(passwords.next()).matches("[A-Za-z0-9]{32}").isNotEqualTo(passwords.next());
  }
}
