package dev.holdfast.formats.check;

/**
 * What a repair removed.
 *
 * @param bytes all bytes that were cut, zero padding included
 * @param commands complete commands among them
 * @param quarantine folder with the removed bytes, relative to the data folder
 */
public record Dropped(long bytes, long commands, String quarantine) {}
