package dev.holdfast.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NetworksTest {
  private final ArrayList<String> lines = new ArrayList<>();

  @Test
  @EnabledOnOs(OS.LINUX)
  void linuxGetsEpollWithoutAWord() throws Exception {
    try (var network = Networks.best(lines::add)) {
      assertThat(network.name()).isEqualTo("epoll");
      assertThat(lines).isEmpty();
    }
  }

  @Test
  void withoutEpollTheJdksSocketsServeAndOneLineSaysWhy() throws Exception {
    try (var network =
        Networks.best(
            () -> {
              throw new IOException("epoll_create1: Function not implemented");
            },
            lines::add)) {
      assertThat(network.name()).isEqualTo("nio");
      assertThat(lines)
          .containsExactly(
              "epoll cannot be used (epoll_create1: Function not implemented); serving with the"
                  + " JDK's sockets, which is slower");
    }
  }

  @Test
  void aFunctionThatTheLibraryLacksIsNamed() throws Exception {
    try (var network =
        Networks.best(
            () -> {
              throw new ExceptionInInitializerError(
                  new NoSuchElementException("Symbol not found: epoll_create1"));
            },
            lines::add)) {
      assertThat(network.name()).isEqualTo("nio");
      assertThat(lines).singleElement().asString().contains("Symbol not found: epoll_create1");
    }
  }
}
