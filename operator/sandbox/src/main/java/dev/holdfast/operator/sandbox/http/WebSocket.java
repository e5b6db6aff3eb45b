package dev.holdfast.operator.sandbox.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The server's side of a WebSocket (RFC 6455): whole messages out, pings answered, close noticed.
 */
public final class WebSocket {
  private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final InputStream in;
  private final OutputStream out;

  private WebSocket(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Answers the handshake. The thread is interrupted once the client closes. */
  public static WebSocket accept(Request request, Response response) throws IOException {
    response.header("Upgrade", "websocket");
    response.header("Sec-WebSocket-Accept", acceptKey(request.header("sec-websocket-key")));
    String protocol = request.header("sec-websocket-protocol");
    if (!protocol.isEmpty()) {
      response.header("Sec-WebSocket-Protocol", protocol.split(",")[0].strip());
    }
    var socket = new WebSocket(request.raw(), response.upgrade());
    Thread serving = Thread.currentThread();
    Thread.ofVirtual().name("websocket-reader").start(() -> socket.readUntilClosed(serving));
    return socket;
  }

  /** Sends one text message. */
  public void send(byte[] text) throws IOException {
    frame(TEXT, text);
  }

  /** Says goodbye. */
  public void close() throws IOException {
    frame(CLOSE, new byte[] {3, (byte) 0xe8});
  }

  private synchronized void frame(int opcode, byte[] payload) throws IOException {
    out.write(0x80 | opcode);
    if (payload.length < 126) {
      out.write(payload.length);
    } else if (payload.length < 65536) {
      out.write(126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    } else {
      out.write(127);
      out.write(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    out.write(payload);
    out.flush();
  }

  private void readUntilClosed(Thread serving) {
    try {
      while (true) {
        int opcode = read() & 0x0f;
        int second = read();
        long length = second & 0x7f;
        if (length == 126) {
          length = (read() << 8) | read();
        } else if (length == 127) {
          length = ByteBuffer.wrap(in.readNBytes(8)).getLong();
        }
        byte[] mask = (second & 0x80) == 0 ? new byte[4] : in.readNBytes(4);
        byte[] payload = in.readNBytes(Math.toIntExact(length));
        for (int i = 0; i < payload.length; i++) {
          payload[i] ^= mask[i & 3];
        }
        if (opcode == PING) {
          frame(PONG, payload);
        } else if (opcode == CLOSE) {
          break;
        }
      }
    } catch (IOException | ArithmeticException e) {
      // the client is gone without a goodbye
    }
    serving.interrupt();
  }

  private int read() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException();
    }
    return b;
  }

  private static String acceptKey(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
