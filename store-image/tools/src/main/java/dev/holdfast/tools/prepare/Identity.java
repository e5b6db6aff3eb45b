package dev.holdfast.tools.prepare;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which store a volume belongs to: {@code holdfast/store.json} in the volume, written at the
 * store's first start.
 *
 * <p>It is what keeps a pod from serving, and writing over, the data of another store after volumes
 * were mixed up.
 */
final class Identity {

  private static final Pattern STORE_ID = Pattern.compile("\"storeId\"\\s*:\\s*\"([^\"\\\\]*)\"");

  private final Path file;

  Identity(Path data) {
    this.file = data.resolve("holdfast").resolve("store.json");
  }

  /**
   * The id that the volume carries; empty when it carries none.
   *
   * @throws IOException when the file is there and has no id in it, with what to do
   */
  Optional<String> read() throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    Matcher matcher = STORE_ID.matcher(text);
    if (!matcher.find()) {
      throw new FileSystemException(
          file.toString(),
          null,
          "expected {\"storeId\": \"...\"}, found '%s'; put the store's id back, or delete the file if the volume is this store's"
              .formatted(text.substring(0, Math.min(80, text.length()))));
    }
    return Optional.of(matcher.group(1));
  }

  /** Makes the volume carry this id. Complete or not at all, also through a power cut. */
  void write(String storeId, Instant now) throws IOException {
    Files.createDirectories(file.getParent());
    Path temporary = file.resolveSibling("store.json.tmp");
    String text = "{\"storeId\": \"%s\", \"createdAt\": \"%s\"}\n".formatted(storeId, now);
    Files.writeString(temporary, text, StandardCharsets.UTF_8);
    sync(temporary, StandardOpenOption.WRITE);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    sync(file.getParent(), StandardOpenOption.READ);
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (var channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
