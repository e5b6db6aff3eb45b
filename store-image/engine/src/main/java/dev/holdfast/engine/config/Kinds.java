package dev.holdfast.engine.config;

import java.util.List;
import java.util.Locale;

/** The simple types of directives, with the refusals of Redis 7.2 word for word. */
final class Kinds {
  static final Kind YES_NO = Kinds::yesNo;
  static final Kind TEXT = (words, current) -> one(words);

  private Kinds() {}

  static String one(List<String> words) throws Refused {
    if (words.size() != 1) {
      throw new Refused("wrong number of arguments");
    }
    return words.getFirst();
  }

  private static String yesNo(List<String> words, String current) throws Refused {
    String word = one(words).toLowerCase(Locale.ROOT);
    if (!word.equals("yes") && !word.equals("no")) {
      throw new Refused("argument must be 'yes' or 'no'");
    }
    return word;
  }

  /** A decimal number between two bounds. */
  static Kind number(long min, long max) {
    return (words, current) -> {
      long value;
      try {
        value = Long.parseLong(strict(one(words)));
      } catch (NumberFormatException e) {
        throw new Refused("argument couldn't be parsed into an integer");
      }
      return Long.toString(inRange(value, min, max));
    };
  }

  /** A number of bytes with an optional unit ({@code 64mb}), stored in bytes. */
  static Kind memory(long min, long max) {
    return (words, current) -> {
      long value;
      try {
        value = MemoryUnits.parse(one(words));
      } catch (NumberFormatException e) {
        throw new Refused("argument must be a memory value");
      }
      if (Long.compareUnsigned(value, min) < 0 || Long.compareUnsigned(value, max) > 0) {
        throw outside(min, max);
      }
      return Long.toUnsignedString(value);
    };
  }

  /** A file mode in octal digits. */
  static Kind octal(long max) {
    return (words, current) -> {
      try {
        return Long.toOctalString(inRange(Long.parseLong(strict(one(words)), 8), 0, max));
      } catch (NumberFormatException e) {
        throw new Refused("argument couldn't be parsed into an integer");
      }
    };
  }

  /** One of a few words. */
  static Kind choice(String... choices) {
    List<String> known = List.of(choices);
    return (words, current) -> {
      String word = one(words).toLowerCase(Locale.ROOT);
      if (!known.contains(word)) {
        throw new Refused("argument(s) must be one of the following: " + String.join(", ", known));
      }
      return word;
    };
  }

  /** A name of a file without a folder. */
  static Kind fileName(String directive) {
    return (words, current) -> {
      String name = one(words);
      if (name.isEmpty()) {
        throw new Refused(directive + " can't be empty");
      }
      if (name.indexOf('/') >= 0) {
        throw new Refused(directive + " can't be a path, just a filename");
      }
      return name;
    };
  }

  /** Any number of words. */
  static Kind words() {
    return manyWords((words, current) -> String.join(" ", words));
  }

  /** A feature of the field's server that this one does not have: only its default is taken. */
  static Kind onlyDefault(String value, String feature) {
    return (words, current) -> {
      String text = String.join(" ", words);
      if (!text.equalsIgnoreCase(value)) {
        throw new Refused(feature + " is not supported by this server; remove the directive");
      }
      return value;
    };
  }

  static Kind manyWords(Kind kind) {
    return new Kind() {
      @Override
      public String normalise(List<String> words, String current) throws Refused {
        return kind.normalise(words, current);
      }

      @Override
      public boolean manyWords() {
        return true;
      }
    };
  }

  /** Java takes a leading plus sign, the field does not. */
  private static String strict(String text) {
    if (text.startsWith("+")) {
      throw new NumberFormatException(text);
    }
    return text;
  }

  private static long inRange(long value, long min, long max) throws Refused {
    if (value < min || value > max) {
      throw outside(min, max);
    }
    return value;
  }

  private static Refused outside(long min, long max) {
    return new Refused(
        "argument must be between " + min + " and " + Long.toUnsignedString(max) + " inclusive");
  }
}
