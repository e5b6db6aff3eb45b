package dev.holdfast.engine.command.server;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Memory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hashes of {@code DEBUG DIGEST}, computed as the field's servers compute them, so that two
 * servers can be compared: SHA-1 of parts, mixed by exclusive or, so that the order of keys does
 * not matter.
 */
final class Digest {
  private static final int LENGTH = 20;

  private Digest() {}

  static byte[] empty() {
    return new byte[LENGTH];
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  static byte[] ofAll(Call call) {
    byte[] all = empty();
    for (int db = 0; db < call.keys().keyspace().databases(); db++) {
      if (call.database(db).size() == 0) {
        continue;
      }
      mix(all, ByteBuffer.allocate(4).putInt(db).array());
      long cursor = 0;
      do {
        cursor =
            call.database(db)
                .scan(
                    cursor,
                    Integer.MAX_VALUE,
                    (n, record) -> {
                      xor(all, sha1(ofKey(record)));
                      return true;
                    });
      } while (cursor != 0);
    }
    return all;
  }

  private static byte[] ofKey(long record) {
    byte[] digest = empty();
    mix(digest, Memory.bytes(Record.keyAddress(record), Record.keyLength(record)));
    mixValue(digest, record);
    return digest;
  }

  static byte[] ofValue(long record) {
    byte[] digest = empty();
    mixValue(digest, record);
    return digest;
  }

  private static void mixValue(byte[] digest, long record) {
    mix(digest, ByteBuffer.allocate(4).putInt(Record.type(record)).array());
    mix(digest, Memory.bytes(Record.valueAddress(record), Record.valueLength(record)));
    if (Record.expireAt(record) != -1) {
      xor(digest, sha1("!!expire!!".getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /** The order of what is mixed in this way matters. */
  private static void mix(byte[] digest, byte[] part) {
    xor(digest, sha1(part));
    System.arraycopy(sha1(digest), 0, digest, 0, LENGTH);
  }

  private static void xor(byte[] digest, byte[] other) {
    for (int i = 0; i < LENGTH; i++) {
      digest[i] ^= other[i];
    }
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
