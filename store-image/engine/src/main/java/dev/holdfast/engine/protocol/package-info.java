/** RESP2, RESP3 and inline commands: requests in, replies out. */
package dev.holdfast.engine.protocol;
