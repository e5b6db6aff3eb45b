package dev.holdfast.engine.server;

import dev.holdfast.engine.agent.Scheduler;
import dev.holdfast.engine.clock.Clock;
import dev.holdfast.engine.config.ConfigFiles;
import dev.holdfast.engine.net.Network;
import dev.holdfast.engine.storage.Storage;
import java.util.random.RandomGenerator;

/**
 * Everything an {@link Engine} takes from outside, so that a test can own it.
 *
 * @param scheduler gives the loop, the log writer and the snapshot writer their turns
 * @param random for eviction and sampling; a seed makes it repeatable
 * @param hashSeed of the keyspace; secret in production, so that nobody can make keys that collide
 * @param runId 40 hexadecimal digits that name this run
 * @param password of user {@code default} from outside of the configuration; it wins over {@code
 *     requirepass} at the start. Empty for none
 * @param configFile the configuration file that {@code CONFIG REWRITE} writes, or null
 */
public record Surroundings(
    Clock clock,
    Storage storage,
    Network network,
    Scheduler scheduler,
    RandomGenerator random,
    long hashSeed,
    String runId,
    ConfigFiles files,
    String configFile,
    String password,
    Log log) {}
