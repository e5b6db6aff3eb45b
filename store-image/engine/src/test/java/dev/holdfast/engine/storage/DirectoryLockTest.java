package dev.holdfast.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

  @TempDir Path data;

  @Test
  void a_second_holder_is_refused_and_told_who_the_first_is() throws IOException {
    try (var lock = DirectoryLock.acquire(data, "holdfast-server, process 17")) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> DirectoryLock.acquire(data, "holdfast-check-aof, process 18"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(data + " is in use by holdfast-server, process 17; stop it first");
    }
    assertThat(data.resolve("holdfast/lock")).hasContent("holdfast-server, process 17");
  }

  @Test
  void the_lock_is_free_again_after_it_was_closed() throws IOException {
    DirectoryLock.acquire(data, "first").close();
    DirectoryLock.acquire(data, "second").close();
    assertThat(data.resolve("holdfast/lock")).hasContent("second");
  }

  @Test
  void a_folder_that_cannot_be_made_is_named() throws IOException {
    Files.createFile(data.resolve("holdfast"));
    assertThatThrownBy(() -> DirectoryLock.acquire(data, "x"))
        .hasMessageContaining(data.resolve("holdfast").toString());
  }
}
