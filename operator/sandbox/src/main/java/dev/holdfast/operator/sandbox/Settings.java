package dev.holdfast.operator.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How a sandbox is run.
 *
 * @param state the folder that it keeps everything in; the same folder brings the same cluster back
 * @param port of the API server; 0 takes a free one
 * @param images which runnable folder an image is, by a pattern in which {@code *} stands for
 *     anything, for example {@code holdfast/store:*}
 * @param rememberedChanges how many changes of each kind a watch can go back
 * @param restartBackOff the first wait before a container that ended is started again; doubles up
 *     to five minutes
 */
public record Settings(
    Path state,
    int port,
    Map<String, Image> images,
    int rememberedChanges,
    Duration restartBackOff) {

  /**
   * What stands for a container image.
   *
   * @param folder holds {@code bin/}
   * @param entryPoint a program below {@code bin/}, for containers without a command
   */
  public record Image(Path folder, String entryPoint) {}

  /** A sandbox in a folder, with no images and everything else as usual. */
  public static Settings in(Path state) {
    return new Settings(state.toAbsolutePath(), 0, Map.of(), 2_000, Duration.ofSeconds(1));
  }

  /** The same with images. */
  public Settings withImages(Map<String, Image> those) {
    return new Settings(state, port, Map.copyOf(those), rememberedChanges, restartBackOff);
  }

  /** The same on a port. */
  public Settings withPort(int that) {
    return new Settings(state, that, images, rememberedChanges, restartBackOff);
  }

  /** The same with a shorter or longer memory of changes. */
  public Settings withRememberedChanges(int those) {
    return new Settings(state, port, images, those, restartBackOff);
  }

  /** The same with another first wait before a restart. */
  public Settings withRestartBackOff(Duration that) {
    return new Settings(state, port, images, rememberedChanges, that);
  }
}
