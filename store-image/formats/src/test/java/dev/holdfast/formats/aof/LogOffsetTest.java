package dev.holdfast.formats.aof;

import static dev.holdfast.formats.aof.TestLog.ascii;
import static dev.holdfast.formats.aof.TestLog.concat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.formats.offheap.RandomRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LogOffsetTest {
  private long bytesRead;

  @Test
  void isThatOfTheLastGroupHoweverFarTheLastMarkIs() throws IOException {
    var log = new TestLog(700);
    assertThat(atEnd(log.bytes())).isEqualTo(700);
    assertThat(atEnd(log.command("SET", "k", "v").group().bytes())).isEqualTo(log.offset());
    log.command("SET", "k", "v".repeat(1 << 20)).group();
    assertThat(atEnd(log.bytes())).isEqualTo(log.offset());
    log.mark().command("SET", "k", "v").group();
    assertThat(atEnd(log.bytes())).isEqualTo(log.offset());
  }

  @Test
  void isKnownFromTheEndOfALargeFile() throws IOException {
    var log = new TestLog(700);
    for (int i = 0; i < 5_000; i++) {
      log.command("SET", "k", "v".repeat(1_000)).group();
      if (i % 60 == 0) {
        log.mark();
      }
    }
    assertThat(atEnd(log.bytes())).isEqualTo(log.offset());
    assertThat(bytesRead).isLessThan(2 << 20);
  }

  @Test
  void isThatOfTheLastGoodGroupBeforeATornOne() throws IOException {
    var log = new TestLog(700).command("SET", "k", "v").group();
    assertThat(atEnd(concat(log.bytes(), ascii("*3\r\n$3\r\nSE")))).isEqualTo(log.offset());
  }

  @Test
  void isNotKnownInAFileWithoutMarks() throws IOException {
    assertThat(atEnd(ascii(TestLog.resp("SET", "k", "v")))).isEqualTo(-1);
    assertThat(atEnd(new byte[0])).isEqualTo(-1);
  }

  private long atEnd(byte[] bytes) throws IOException {
    bytesRead = 0;
    return LogOffset.atEnd(
        new RandomRead() {
          @Override
          public int read(ByteBuffer target, long offset) {
            int length = (int) Math.min(target.remaining(), bytes.length - offset);
            if (length <= 0) {
              return -1;
            }
            target.put(bytes, (int) offset, length);
            bytesRead += length;
            return length;
          }

          @Override
          public long size() {
            return bytes.length;
          }
        });
  }
}
