/** Sockets as the loop sees them: epoll through foreign functions, and its twin on the JDK. */
package dev.holdfast.engine.net;
