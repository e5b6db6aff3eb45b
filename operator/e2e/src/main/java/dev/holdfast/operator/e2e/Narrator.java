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

  /** A step that was taken: the command that a person would type, and what it prints. */
  void paragraph(String heading, String text, String command, String output) {
    out.printf("%n%d. %s%n%s%n", ++step, heading, wrapped(text));
    out.printf("   $ %s%n", command);
    output.lines().forEach(line -> out.printf("   %s%n", line));
    out.flush();
  }

  /** Says how far something is that takes a while. */
  void progress(String line) {
    out.printf("   … %s%n", line);
    out.flush();
  }

  /** Commands to type, whose output is not shown. */
  void commands(String heading, String text, String... commands) {
    out.printf("%n%d. %s%n%s%n", ++step, heading, wrapped(text));
    for (var command : commands) {
      out.printf("   $ %s%n", command);
    }
    out.flush();
  }

  void stopping() {
    out.printf("%nStopping: the pods end and their volumes are detached.%n");
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
