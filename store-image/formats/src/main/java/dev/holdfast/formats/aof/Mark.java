package dev.holdfast.formats.aof;

/**
 * What a full mark of the log says about the place where it stands; {@code docs/log-format.md}.
 *
 * @param file identity of the file, random, made when the file is made
 * @param db database that is selected here
 * @param offset logical offset here: bytes of effects since the store's first start
 * @param durable logical offset that had been synced when the mark was written
 */
public record Mark(long file, int db, long offset, long durable) {}
