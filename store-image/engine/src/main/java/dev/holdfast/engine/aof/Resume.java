package dev.holdfast.engine.aof;

import dev.holdfast.formats.aof.GroupChain;

/**
 * Where the log goes on that was loaded.
 *
 * @param offset logical offset at its end
 * @param chain goes on behind the last line of its last file; null when that file has no lines and
 *     gets none
 * @param file identity of that file
 * @param durable logical offset up to which its lines call it durable; -1 when they call nothing so
 */
public record Resume(long offset, GroupChain chain, long file, long durable) {}
