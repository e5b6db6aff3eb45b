package dev.holdfast.operator.sandbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
  @TempDir Path folder;

  @Test
  void everyWriteGetsTheNextRevision() throws IOException {
    try (ObjectStore store = open(10)) {
      long first = revision(store.put("maps", object("a")));
      long second = revision(store.put("others", object("b")));
      long third = revision(store.remove("maps", "ns", "a"));
      assertThat(second).isEqualTo(first + 1);
      assertThat(third).isEqualTo(second + 1);
    }
  }

  @Test
  void objectsAndRevisionComeBack() throws IOException {
    long last;
    try (ObjectStore store = open(10)) {
      store.put("maps", object("kept"));
      store.put("maps", object("gone"));
      store.remove("maps", "ns", "gone");
      last = store.revision();
    }
    try (ObjectStore store = open(10)) {
      assertThat(store.revision()).isEqualTo(last);
      assertThat(store.get("maps", "ns", "kept")).isNotNull();
      assertThat(store.get("maps", "ns", "gone")).isNull();
    }
  }

  @Test
  void aLastLineThatWasCutIsLeftOut() throws IOException {
    try (ObjectStore store = open(10)) {
      store.put("maps", object("kept"));
    }
    Files.writeString(file(), "{\"revision\": 99, \"in\": \"ma", StandardOpenOption.APPEND);
    try (ObjectStore store = open(10)) {
      assertThat(store.get("maps", "ns", "kept")).isNotNull();
    }
  }

  @Test
  void damageElsewhereIsToldWithItsLine() throws IOException {
    try (ObjectStore store = open(10)) {
      store.put("maps", object("kept"));
    }
    Files.writeString(file(), "no json\n" + Files.readString(file()));
    assertThatThrownBy(() -> open(10))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 1");
  }

  @Test
  void theJournalIsRewrittenWhenItIsMostlyHistory() throws IOException {
    try (ObjectStore store = open(10)) {
      for (int i = 0; i < 5_000; i++) {
        store.put("maps", object("same"));
      }
    }
    try (var lines = Files.lines(file())) {
      assertThat(lines.count()).isLessThan(2_500);
    }
  }

  @Test
  void changesAreRememberedUpToALimit() throws Exception {
    try (ObjectStore store = open(2)) {
      store.list("maps", "");
      long start = store.revision();
      store.put("maps", object("a"));
      long afterFirst = store.revision();
      store.put("maps", object("b"));
      store.put("maps", object("c"));
      assertThat(store.changesAfter("maps", afterFirst, 0))
          .extracting(change -> Json.name(change.object()))
          .containsExactly("b", "c");
      assertThatThrownBy(() -> store.changesAfter("maps", start, 0))
          .isInstanceOf(TooOldException.class)
          .hasMessage("too old resource version: " + start + " (" + afterFirst + ")");
    }
  }

  private ObjectStore open(int remembered) throws IOException {
    return new ObjectStore(new Journal(file()), remembered);
  }

  private Path file() {
    return folder.resolve("objects.jsonl");
  }

  private static long revision(ObjectNode object) {
    return object.path("metadata").path("resourceVersion").asLong();
  }

  private static ObjectNode object(String name) {
    ObjectNode object = Json.object();
    object.putObject("metadata").put("namespace", "ns").put("name", name);
    return object;
  }
}
