/** Client-side caching: who has read which keys, and telling them when those change. */
package dev.holdfast.engine.tracking;
