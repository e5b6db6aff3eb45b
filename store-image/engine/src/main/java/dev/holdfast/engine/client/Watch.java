package dev.holdfast.engine.client;

/** A key that a client watches. */
public record Watch(int db, byte[] key) {}
