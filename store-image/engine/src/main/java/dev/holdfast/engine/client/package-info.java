/** The clients of a store: their state, their limits, and what holds their replies. */
package dev.holdfast.engine.client;
