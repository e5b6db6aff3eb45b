package dev.holdfast.engine.net;

/** What a {@link Poller} can report as ready. */
public interface Pollable {}
