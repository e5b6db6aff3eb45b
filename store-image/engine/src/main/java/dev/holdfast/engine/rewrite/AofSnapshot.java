package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.formats.aof.AofWriter;
import dev.holdfast.formats.aof.GroupChain;
import dev.holdfast.formats.offheap.ByteSink;
import dev.holdfast.formats.offheap.NativeBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A snapshot as commands, for {@code aof-use-rdb-preamble no}. When it is sealed it begins and ends
 * with a mark of the same offset, so that a base that was cut between two groups is found.
 */
final class AofSnapshot implements SnapshotFormat {
  private static final long FLUSH_AT = 64 << 10;
  private static final byte[] SELECT = ascii("SELECT");
  private static final byte[] SET = ascii("SET");
  private static final byte[] PEXPIREAT = ascii("PEXPIREAT");

  private final SnapshotSpec spec;
  private final ByteSink sink;
  private final NativeBuffer buffer = new NativeBuffer(2 * FLUSH_AT);
  private final AofWriter writer = new AofWriter(buffer);
  private final GroupChain chain = new GroupChain();
  private int db = -1;

  /** Bytes of the buffer that a line covers. */
  private long sealed;

  AofSnapshot(SnapshotSpec spec, ByteSink sink) {
    this.spec = spec;
    this.sink = sink;
  }

  @Override
  public void start() {
    if (spec.logOffset().isPresent()) {
      mark(0);
    }
    if (spec.timestamp()) {
      writer.timestamp(spec.unixSeconds());
    }
  }

  @Override
  public void write(EntryBlock block) throws IOException {
    while (block.next()) {
      if (block.db() != db) {
        db = block.db();
        if (spec.logOffset().isPresent()) {
          buffer.putAscii("#\r\n");
        }
        writer.command(2).argument(SELECT).argument(db);
      }
      switch (block.type()) {
        case Record.STRING ->
            writer
                .command(3)
                .argument(SET)
                .argument(block.keyAddress(), block.keyLength())
                .argument(block.valueAddress(), block.valueLength());
        default ->
            throw new IllegalStateException(
                "a snapshot cannot hold values of type " + block.type());
      }
      if (block.expireAtMillis() >= 0) {
        writer
            .command(3)
            .argument(PEXPIREAT)
            .argument(block.keyAddress(), block.keyLength())
            .argument(block.expireAtMillis());
      }
      if (buffer.length() >= FLUSH_AT) {
        flush();
      }
    }
  }

  private void flush() throws IOException {
    if (spec.logOffset().isPresent()) {
      chain.group(buffer, sealed);
    }
    write();
  }

  private void mark(long from) {
    long offset = spec.logOffset().getAsLong();
    chain.mark(buffer, from, spec.identity(), Math.max(db, 0), offset, offset);
    sealed = buffer.length();
  }

  private void write() throws IOException {
    sink.write(buffer.segment());
    buffer.clear();
    sealed = 0;
  }

  @Override
  public void end() throws IOException {
    if (spec.logOffset().isPresent()) {
      mark(sealed);
    }
    write();
  }

  @Override
  public void close() {
    buffer.close();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
