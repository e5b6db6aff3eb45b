package dev.holdfast.engine.aof;

import dev.holdfast.formats.aof.Manifest;
import java.nio.file.Path;
import java.util.List;

/**
 * What the command thread asks of the log writer. Orders are carried out one after the other, so
 * that what was appended before an order is in the file before it, and what is appended later comes
 * after it.
 */
sealed interface Order {
  /**
   * Writes the block; with {@code sync} it is durable before the next order that is not a write.
   */
  record Write(LogBlock block, boolean sync) implements Order {}

  /** Makes what was written so far durable. */
  record Sync() implements Order {}

  /**
   * Orders that change which file is written, or what the manifest says. Each is answered by an
   * {@link Outcome}.
   */
  sealed interface Change extends Order {}

  /**
   * Makes the present file durable, creates {@code next}, makes the manifest that names it durable,
   * and goes on there. When it fails, the present file goes on.
   *
   * @param offset of the log, where the next file starts
   * @param sealed whether the next file gets lines that check it
   */
  record Rotate(Path next, Manifest manifest, long offset, boolean sealed) implements Change {}

  /**
   * Closes the present file, if there is one, and goes on in {@code temporary}, which no manifest
   * names: what is written there does not count as durable until {@link Install} gives it a name.
   *
   * @param offset of the log, where the temporary file starts
   * @param sealed whether it gets lines that check it
   */
  record Detach(Path temporary, long offset, boolean sealed) implements Change {}

  /**
   * A rewrite is complete: renames files, makes the manifest durable. From then on the present file
   * counts.
   */
  record Install(List<Rename> renames, Manifest manifest) implements Change {}

  /** Makes a manifest durable. */
  record Persist(Manifest manifest) implements Change {}

  /** Makes the file durable and closes it. */
  record Close() implements Change {}

  /** One step of {@link Install}; both names are in directories of the AOF. */
  record Rename(Path from, Path to) {}

  /**
   * How a {@link Change} went.
   *
   * @param failure the system's text, null when it went well
   * @param leftBytes size of the file that was left for another one
   * @param uncertain it failed while the manifest was being replaced, so that the disk may hold
   *     either one
   */
  record Outcome(Change order, String failure, boolean uncertain, long leftBytes) {}
}
