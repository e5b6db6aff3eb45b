package dev.holdfast.operator.store.decide;

/**
 * Why a store cannot become what its spec asks for.
 *
 * @param reason a fixed word for programs
 * @param message what is wrong and what to do about it
 * @param stalled whether a person has to act; otherwise waiting helps
 */
public record Problem(String reason, String message, boolean stalled) {}
