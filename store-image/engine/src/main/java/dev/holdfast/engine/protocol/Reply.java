package dev.holdfast.engine.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Writes replies in the form the client speaks (RESP2 or RESP3) into its {@link ReplyBuffer}. What
 * RESP2 has no word for becomes its nearest kin: a map a flat array, a double a bulk string, null a
 * null bulk, a set or push an array.
 *
 * <p>While muted ({@code CLIENT REPLY OFF}) everything is dropped.
 */
public final class Reply {
  private final ReplyBuffer buffer;
  private int protocol = 2;
  private boolean muted;

  public Reply(ReplyBuffer buffer) {
    this.buffer = buffer;
  }

  /** 2 or 3. */
  public int protocol() {
    return protocol;
  }

  public void protocol(int version) {
    this.protocol = version;
  }

  public boolean muted() {
    return muted;
  }

  public void muted(boolean muted) {
    this.muted = muted;
  }

  public void ok() {
    throw new UnsupportedOperationException();
  }

  /** A simple string without line breaks. */
  public void status(String text) {
    throw new UnsupportedOperationException();
  }

  /** Code and text, {@code "ERR no such key"}; line breaks become spaces. */
  public void error(String codeAndText) {
    throw new UnsupportedOperationException();
  }

  /** How many errors were written: the executor compares before and after a command. */
  public long errors() {
    throw new UnsupportedOperationException();
  }

  /** The last error's code and text, for the slow log and error statistics. */
  public String lastError() {
    throw new UnsupportedOperationException();
  }

  public void integer(long value) {
    throw new UnsupportedOperationException();
  }

  /** Copies the bytes: the caller may change them afterwards. */
  public void bulk(long address, int length) {
    throw new UnsupportedOperationException();
  }

  public void bulk(byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  public void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The integer's digits as a bulk string. */
  public void bulkInteger(long value) {
    throw new UnsupportedOperationException();
  }

  public void nil() {
    throw new UnsupportedOperationException();
  }

  /** Null where RESP2 wants a null array. */
  public void nilArray() {
    throw new UnsupportedOperationException();
  }

  public void array(int elements) {
    throw new UnsupportedOperationException();
  }

  public void map(int pairs) {
    throw new UnsupportedOperationException();
  }

  public void set(int elements) {
    throw new UnsupportedOperationException();
  }

  public void push(int elements) {
    throw new UnsupportedOperationException();
  }

  /** An attribute; RESP2 clients do not get it, so they must not get its pairs either. */
  public void doubleValue(double value) {
    throw new UnsupportedOperationException();
  }

  public void bool(boolean value) {
    throw new UnsupportedOperationException();
  }

  /** {@code format} is three letters, {@code txt} or {@code mkd}. */
  public void verbatim(String format, String text) {
    throw new UnsupportedOperationException();
  }

  /** Decimal digits with an optional minus sign. */
  public void bigNumber(String digits) {
    throw new UnsupportedOperationException();
  }

  /** Begins an array whose length is not known yet; give the mark to {@link #endArray}. */
  public long deferArray() {
    throw new UnsupportedOperationException();
  }

  public void endArray(long mark, int elements) {
    throw new UnsupportedOperationException();
  }

  /** Begins a map whose length is not known yet. */
  public long deferMap() {
    throw new UnsupportedOperationException();
  }

  public void endMap(long mark, int pairs) {
    throw new UnsupportedOperationException();
  }

  /** Bytes that are in the protocol's form already, such as a reply made by another server. */
  public void raw(long address, int length) {
    throw new UnsupportedOperationException();
  }
}
