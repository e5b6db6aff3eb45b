package dev.holdfast.engine.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "?, '', false",
    "h?llo, hello, true",
    "h*llo, heeeello, true",
    "h[ae]llo, hillo, false",
    "h[^e]llo, hallo, true",
    "h[^e]llo, hello, false",
    "h[a-c]llo, hbllo, true",
    "h[c-a]llo, hbllo, true",
    "\\*, *, true",
    "\\*, x, false",
    "[\\]], ], true",
    "[abc, c, true",
    "[, x, false",
    "a*b*c, aXbYc, true",
    "a*b*c, aXbY, false",
    "**, anything, true",
    "x\\, x\\, true",
  })
  void patternsMeanWhatTheFieldSays(String pattern, String text, boolean matches) {
    assertThat(Glob.matches(pattern, text, false)).isEqualTo(matches);
  }

  @Test
  void caseCountsUnlessAskedNotTo() {
    assertThat(Glob.matches("MAX*", "maxmemory", false)).isFalse();
    assertThat(Glob.matches("MAX[A-N]*", "maxmemory", true)).isTrue();
  }

  @Test
  void agreesWithARegularExpressionOnRandomPatterns() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 50_000; i++) {
      var glob = new StringBuilder();
      var regex = new StringBuilder();
      for (int n = random.nextInt(6); n > 0; n--) {
        String[] part = PARTS[random.nextInt(PARTS.length)];
        glob.append(part[0]);
        regex.append(part[1]);
      }
      var text = new StringBuilder();
      for (int n = random.nextInt(7); n > 0; n--) {
        text.append((char) ('a' + random.nextInt(3)));
      }
      assertThat(Glob.matches(glob.toString(), text.toString(), false))
          .as("%s on %s", glob, text)
          .isEqualTo(Pattern.matches(regex.toString(), text));
    }
  }

  private static final String[][] PARTS = {
    {"*", ".*"},
    {"?", "."},
    {"a", "a"},
    {"b", "b"},
    {"[ab]", "[ab]"},
    {"[^a]", "[^a]"},
    {"[a-b]", "[a-b]"}
  };

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void manyStarsDoNotTakeForever() {
    byte[] text = "a".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
    byte[] pattern = ("a*".repeat(30) + "b").getBytes(StandardCharsets.US_ASCII);
    assertThat(Glob.of(pattern).matches(text, text.length)).isFalse();
  }
}
