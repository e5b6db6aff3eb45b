package dev.holdfast.engine.persistence;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.protocol.Args;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Words of a command in native memory. */
final class NativeWords implements AutoCloseable {
  private final Args args = new Args();
  private final long address;

  NativeWords(List<String> words) {
    var bytes = words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
    address = NativeHeap.allocate(1 + bytes.stream().mapToInt(b -> b.length).sum());
    long at = address;
    for (var word : bytes) {
      Memory.copyFrom(word, 0, at, word.length);
      args.add(at, word.length);
      at += word.length;
    }
  }

  Args args() {
    return args;
  }

  @Override
  public void close() {
    NativeHeap.free(address);
  }
}
