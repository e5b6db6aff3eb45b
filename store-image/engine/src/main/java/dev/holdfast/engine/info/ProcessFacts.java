package dev.holdfast.engine.info;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the system says about this process, read from {@code /proc} because the JDK's management
 * classes would cost more memory than the answers are worth. Zero where there is no {@code /proc}.
 */
final class ProcessFacts {
  private static final double TICKS_PER_SECOND = 100;
  private static final long PAGE = 4096;

  private ProcessFacts() {}

  /**
   * Seconds of processor time in the kernel and in user mode: of the process, and of its ended
   * children.
   */
  record Cpu(double system, double user, double childrenSystem, double childrenUser) {}

  static Cpu cpu(String file) {
    String text = read(file);
    int name = text.lastIndexOf(')');
    if (name < 0) {
      return new Cpu(0, 0, 0, 0);
    }
    String[] words = text.substring(name + 2).split(" ", -1);
    return new Cpu(ticks(words, 12), ticks(words, 11), ticks(words, 14), ticks(words, 13));
  }

  private static double ticks(String[] words, int index) {
    return words.length > index ? Long.parseLong(words[index]) / TICKS_PER_SECOND : 0;
  }

  static long residentBytes() {
    String[] words = read("/proc/self/statm").split(" ", -1);
    return words.length > 1 ? Long.parseLong(words[1]) * PAGE : 0;
  }

  /** Memory of the machine in bytes. */
  static long totalMemory() {
    for (String line : read("/proc/meminfo").split("\n", -1)) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    return 0;
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }
}
