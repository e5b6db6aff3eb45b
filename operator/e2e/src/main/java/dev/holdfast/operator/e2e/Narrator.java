package dev.holdfast.operator.e2e;

import java.io.PrintStream;

/** Tells the quick start's story: a heading, a sentence, and the real output. */
final class Narrator {
  private static final int WIDTH = 110;

  private final PrintStream out;
  private int step;

  Narrator(PrintStream out) {
    this.out = out;
  }

  void paragraph(String heading, String text, String command, String output) {
    out.printf("%n%d. %s%n%s%n", ++step, heading, wrapped(text));
    out.printf("   $ %s%n", command);
    output.lines().forEach(line -> out.printf("   %s%n", line));
    out.flush();
  }

  void done() {
    out.printf("%nEverything was as promised.%n");
    out.flush();
  }

  void failed(Throwable cause) {
    out.printf(
        "%nquickstart: FAILED: %s%n", cause.getMessage() == null ? cause : cause.getMessage());
    out.flush();
  }

  private static String wrapped(String text) {
    var lines = new StringBuilder();
    var column = 0;
    for (var word : text.split(" ")) {
      if (column + word.length() + 1 > WIDTH) {
        lines.append('\n');
        column = 0;
      }
      lines.append(column == 0 ? "   " : " ").append(word);
      column += word.length() + 1;
    }
    return lines.toString();
  }
}
