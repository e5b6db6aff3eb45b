package dev.holdfast.operator.e2e.cluster;

import java.util.List;

/** The files of a volume, by paths relative to its root. */
public interface VolumeFiles {
  /** Names in a folder, sorted; empty when there is no such folder. */
  List<String> list(String folder);

  long size(String file);

  /** The file of the AOF that is written last: its newest incremental file. */
  default String newestIncrement() {
    return list("appendonlydir").stream()
        .filter(name -> name.endsWith(".incr.aof"))
        .reduce((first, second) -> second)
        .map("appendonlydir/"::concat)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "expected an incremental AOF file, found " + list("appendonlydir")));
  }

  byte[] read(String file);

  void append(String file, byte[] bytes);

  void overwrite(String file, long offset, byte[] bytes);

  /** Takes all free space with one file. */
  void fill();

  /** Gives back what {@link #fill()} took. */
  void free();
}
