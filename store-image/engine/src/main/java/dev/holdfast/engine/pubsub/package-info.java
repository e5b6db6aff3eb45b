/** Channels, patterns and their subscribers, and notifications of what happens to keys. */
package dev.holdfast.engine.pubsub;
