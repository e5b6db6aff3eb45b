package dev.holdfast.operator.sandbox.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answer to one {@link Request}: a whole body, a stream of chunks, or an upgraded connection.
 */
public final class Response {
  private final OutputStream out;
  private final Runnable whenClientLeaves;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private boolean started;
  private boolean keepAlive;

  Response(OutputStream out, boolean keepAlive, Runnable whenClientLeaves) {
    this.out = out;
    this.keepAlive = keepAlive;
    this.whenClientLeaves = whenClientLeaves;
  }

  /** Adds a header; only before the answer is begun. */
  public void header(String name, String value) {
    headers.put(name, value);
  }

  /** Answers with a whole body. */
  public void send(int status, String contentType, byte[] body) throws IOException {
    header("Content-Type", contentType);
    header("Content-Length", Integer.toString(body.length));
    begin(status);
    out.write(body);
    out.flush();
  }

  /**
   * Begins a chunked answer. The connection ends with it, so that a client that leaves is noticed.
   */
  public OutputStream stream(int status, String contentType) throws IOException {
    keepAlive = false;
    header("Content-Type", contentType);
    header("Transfer-Encoding", "chunked");
    header("Cache-Control", "no-cache, private");
    begin(status);
    out.flush();
    whenClientLeaves.run();
    return new Chunks();
  }

  /** Switches protocols and hands out the bare connection. */
  public OutputStream upgrade() throws IOException {
    keepAlive = false;
    header("Connection", "Upgrade");
    begin(101);
    out.flush();
    return out;
  }

  boolean started() {
    return started;
  }

  boolean keepAlive() {
    return keepAlive;
  }

  private void begin(int status) throws IOException {
    started = true;
    var head = new StringBuilder("HTTP/1.1 ").append(status).append(' ').append(reason(status));
    if (!keepAlive) {
      headers.putIfAbsent("Connection", "close");
    }
    headers.forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
    out.write(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String reason(int status) {
    return switch (status) {
      case 101 -> "Switching Protocols";
      case 200 -> "OK";
      case 201 -> "Created";
      case 202 -> "Accepted";
      default -> "Status";
    };
  }

  /** Every flush is one chunk. */
  private final class Chunks extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, offset, length);
        out.write(new byte[] {'\r', '\n'});
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }
}
