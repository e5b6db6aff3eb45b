/**
 * Side-by-side benchmarks of {@code holdfast-server} against {@code valkey-server} and {@code
 * redis-server} on one machine in one run: rounds are interleaved, so that what else the machine
 * does hits all servers alike, and medians with their spread are given.
 */
package dev.holdfast.bench;
