package dev.holdfast.tools.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command that {@code holdfast-prepare} becomes. */
final class ServerCommand {

  private ServerCommand() {}

  /**
   * The command of {@code --exec} as it is, or {@code holdfast-server} with the configuration and
   * what {@code docs/pod.md} passes on.
   *
   * @param data the data folder
   * @param ownServer the server of this folder or image, as its launcher says; none when started
   *     without a launcher
   * @throws IllegalArgumentException when there is nothing to become
   */
  static List<String> of(Settings settings, Path data, Optional<String> ownServer) {
    if (!settings.server().isEmpty()) {
      return settings.server();
    }
    if (ownServer.isEmpty()) {
      throw new IllegalArgumentException(
          "no server to become: start bin/holdfast-prepare, or name one with --exec");
    }
    var command = new ArrayList<String>();
    command.add(ownServer.get());
    settings.configFile().ifPresent(file -> command.add(file.toString()));
    command.addAll(List.of("--dir", data.toAbsolutePath().toString()));
    settings
        .auth()
        .ifPresent(
            auth ->
                command.addAll(List.of("--requirepass-file", auth.resolve("password").toString())));
    settings
        .healthPort()
        .ifPresent(port -> command.addAll(List.of("--health-port", Integer.toString(port))));
    if (!settings.bind().isEmpty()) {
      command.add("--bind");
      command.addAll(settings.bind());
    }
    command.addAll(settings.serverArguments());
    return List.copyOf(command);
  }
}
