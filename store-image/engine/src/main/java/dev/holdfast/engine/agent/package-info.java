/** The engine's unit of work (one non-blocking step) and the thread that repeats it. */
package dev.holdfast.engine.agent;
