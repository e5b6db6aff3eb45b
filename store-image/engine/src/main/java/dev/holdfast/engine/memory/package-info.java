/**
 * Memory outside the Java heap: raw access by native address, blocks, slabs, and numbers as text.
 *
 * <p>The only package that calls the C library's allocator or maps pages. Addresses are plain
 * {@code long}s: nothing checks their lifetime, so each class that hands one out says how long it
 * is valid.
 */
package dev.holdfast.engine.memory;
