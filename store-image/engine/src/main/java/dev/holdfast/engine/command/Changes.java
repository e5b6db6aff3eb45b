package dev.holdfast.engine.command;

import dev.holdfast.engine.client.Gate;
import java.util.Arrays;
import java.util.BitSet;

/** What one command or transaction changed, until its offset in the log is known. */
final class Changes {
  private int[] dbs = new int[16];
  private long[] hashes = new long[16];
  private int count;
  private final BitSet databases = new BitSet();

  void key(int db, long hash) {
    if (count == hashes.length) {
      dbs = Arrays.copyOf(dbs, count * 2);
      hashes = Arrays.copyOf(hashes, count * 2);
    }
    dbs[count] = db;
    hashes[count++] = hash;
  }

  void database(int db) {
    databases.set(db);
  }

  boolean any() {
    return count > 0 || !databases.isEmpty();
  }

  void tell(Gate gate, long offset) {
    for (int i = 0; i < count; i++) {
      gate.wrote(dbs[i], hashes[i], offset);
    }
    count = 0;
    if (!databases.isEmpty()) {
      databases.stream().forEach(db -> gate.wroteDatabase(db, offset));
      databases.clear();
    }
  }
}
