package dev.holdfast.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The words for a call to the disk that failed. */
class StorageExceptionTest {
  @Test
  void aMissingPermissionSaysForWhomAndWhatToSetInAPod() throws Exception {
    var failure = new StorageException("rename", Path.of("/data/x"), "Permission denied");
    var user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    assertThat(failure)
        .hasMessageStartingWith("rename /data/x: Permission denied; ")
        .hasMessageContaining("user " + user)
        .hasMessageContaining("fsGroup");
    assertThat(failure.reason()).isEqualTo("Permission denied");
  }

  @Test
  void aDiskThatBecameReadOnlySaysWhereToLook() {
    assertThat(new StorageException("write", Path.of("/data/x"), "Read-only file system"))
        .hasMessageContaining("mount the data folder writable");
  }

  @Test
  void anythingElseIsTheSystemsText() {
    assertThat(new StorageException("write", Path.of("/data/x"), "Input/output error"))
        .hasMessage("write /data/x: Input/output error");
  }
}
