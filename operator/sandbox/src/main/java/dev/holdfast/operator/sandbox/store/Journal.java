package dev.holdfast.operator.sandbox.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The objects on disk: a file with a line of JSON per write, rewritten when most of it is history.
 *
 * <p>It is not synced: a sandbox has to survive its own end, not that of the machine. A last line
 * that was cut is left out.
 */
public final class Journal implements AutoCloseable {
  private static final int SLACK = 2_000;

  private final Path file;
  private OutputStream out;
  private int lines;
  private boolean closed;

  /** What replaying calls for each line. */
  @FunctionalInterface
  public interface Replay {
    /** An object that was written, or the key of one that was removed. */
    void line(String collection, ObjectNode object, boolean deleted);
  }

  /** Uses a file, which need not exist. */
  public Journal(Path file) throws IOException {
    this.file = file;
    Files.createDirectories(file.toAbsolutePath().getParent());
  }

  /** Reads everything back; returns the last resource version. */
  long replay(Replay replay) throws IOException {
    long revision = 1;
    if (Files.exists(file)) {
      List<String> all = Files.readAllLines(file, StandardCharsets.UTF_8);
      for (int i = 0; i < all.size(); i++) {
        try {
          ObjectNode line = Json.read(all.get(i));
          revision = Math.max(revision, line.path("revision").asLong());
          if (line.has("object")) {
            boolean deleted = line.path("deleted").asBoolean();
            replay.line(line.path("in").asText(), (ObjectNode) line.get("object"), deleted);
          }
        } catch (UncheckedIOException e) {
          if (i < all.size() - 1 || !(e.getCause() instanceof JsonProcessingException)) {
            throw new IOException(
                file
                    + " line "
                    + (i + 1)
                    + ": expected JSON; remove the state folder to begin anew",
                e);
          }
        }
      }
    }
    return revision;
  }

  void put(String collection, long revision, ObjectNode object) {
    ObjectNode line = Json.object().put("revision", revision).put("in", collection);
    line.set("object", object);
    append(line);
  }

  void remove(String collection, long revision, String namespace, String name) {
    ObjectNode line = Json.object().put("revision", revision).put("in", collection);
    Json.ensure(line, "object", "metadata").put("namespace", namespace).put("name", name);
    append(line.put("deleted", true));
  }

  boolean wantsCompaction(int objects) {
    return lines > 4 * objects + SLACK;
  }

  /** Replaces the file by one that holds the present objects only. */
  void rewrite(long revision, Consumer<BiConsumer<String, ObjectNode>> objects) {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".new");
      try (OutputStream writer = new BufferedOutputStream(Files.newOutputStream(next))) {
        lines = 1;
        write(writer, Json.object().put("revision", revision));
        objects.accept(
            (collection, object) -> {
              ObjectNode line = Json.object().put("in", collection);
              line.set("object", object);
              write(writer, line);
              lines++;
            });
      }
      if (out != null) {
        out.close();
      }
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
      out = Files.newOutputStream(file, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("the sandbox cannot write its state to " + file, e);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (out != null) {
      out.close();
    }
  }

  private void append(ObjectNode line) {
    if (closed) {
      throw new IllegalStateException("the sandbox is stopped");
    }
    lines++;
    write(out, line);
  }

  private static void write(OutputStream writer, ObjectNode line) {
    try {
      byte[] bytes = Json.bytes(line);
      byte[] whole = java.util.Arrays.copyOf(bytes, bytes.length + 1);
      whole[bytes.length] = '\n';
      writer.write(whole);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
