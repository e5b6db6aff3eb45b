/** Time as it comes into the engine from outside. */
package dev.holdfast.engine.clock;
