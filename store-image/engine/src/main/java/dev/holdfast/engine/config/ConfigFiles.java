package dev.holdfast.engine.config;

import java.io.IOException;
import java.util.List;

/** Where configuration files are read from and written back to. */
public interface ConfigFiles {

  /**
   * The text of a file.
   *
   * @throws IOException with the system's reason as message
   */
  String read(String path) throws IOException;

  /**
   * The files that a pattern of an {@code include} means, sorted; the pattern itself when it has no
   * wildcard.
   */
  List<String> expand(String pattern) throws IOException;

  /** Replaces a file in one step, so that a crash leaves the old or the new text. */
  void replace(String path, String text) throws IOException;
}
