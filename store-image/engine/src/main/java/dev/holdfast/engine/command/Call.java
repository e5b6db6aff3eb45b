package dev.holdfast.engine.command;

/** One call of a command. Signature only for now. */
public final class Call {}
