/**
 * Keys and values: records in slabs, an index per database that grows and shrinks step by step, the
 * walk of a snapshot, and the choice of what expires and what is evicted.
 *
 * <p>Everything here belongs to the command thread. The package knows nothing of commands, clients,
 * sockets or files.
 */
package dev.holdfast.engine.keyspace;
