/** {@code SUBSCRIBE} and its kin, {@code PUBLISH}, {@code PUBSUB}. */
package dev.holdfast.engine.command.pubsub;
