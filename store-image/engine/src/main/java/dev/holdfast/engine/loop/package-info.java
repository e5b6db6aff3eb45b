/** The command thread's loop. */
package dev.holdfast.engine.loop;
