package dev.holdfast.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Collects the lines and writes the JSON anew with each, so that a run that is interrupted leaves
 * what it has measured.
 */
final class Report implements Consumer<Measurement> {
  private final Path json;
  private final Run run;
  private final List<Measurement> lines = new ArrayList<>();

  Report(Path json, Run run) {
    this.json = json;
    this.run = run;
  }

  @Override
  public void accept(Measurement line) {
    lines.add(line);
    Progress.say("  " + Results.line(line));
    try {
      var beside = json.resolveSibling(json.getFileName() + ".new");
      Files.writeString(beside, Results.json(run, lines));
      Files.move(beside, json, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Measurement> lines() {
    return lines;
  }
}
