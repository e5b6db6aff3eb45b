package dev.holdfast.formats.check;

/** Hears how far a check is, every few megabytes. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (file, offset, size) -> {};

  void at(String file, long offset, long size);
}
