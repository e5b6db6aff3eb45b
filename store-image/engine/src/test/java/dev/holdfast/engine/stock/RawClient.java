package dev.holdfast.engine.stock;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that hands replies out as the bytes that came, one character per byte. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a command and reads its reply. */
  public String call(String... words) throws IOException {
    send(words);
    return reply();
  }

  /** Sends a command; each character is one byte. */
  public void send(String... words) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
      out.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(bytes);
      out.writeBytes(new byte[] {'\r', '\n'});
    }
    sendRaw(out.toByteArray());
  }

  /** Sends bytes as they are. */
  public void sendRaw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Reads one reply. */
  public String reply() throws IOException {
    var out = new StringBuilder();
    reply(out);
    return out.toString();
  }

  private void reply(StringBuilder out) throws IOException {
    String line = line();
    out.append(line).append("\r\n");
    switch (line.charAt(0)) {
      case '$', '=', '!' -> {
        int length = Integer.parseInt(line.substring(1));
        if (length >= 0) {
          out.append(new String(in.readNBytes(length + 2), StandardCharsets.ISO_8859_1));
        }
      }
      case '*', '~', '>' -> elements(out, Integer.parseInt(line.substring(1)));
      case '%', '|' -> elements(out, 2 * Integer.parseInt(line.substring(1)));
      case '+', '-', ':', '_', ',', '#', '(' -> {}
      default -> throw new IOException("not a reply: " + line);
    }
  }

  private void elements(StringBuilder out, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      reply(out);
    }
  }

  private String line() throws IOException {
    var out = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed after '" + out + "'");
      }
      out.append((char) c);
    }
    out.setLength(out.length() - 1);
    return out.toString();
  }

  /** Whether something came that was not read; does not wait. */
  public boolean hasReply() throws IOException {
    return in.available() > 0;
  }

  /** Whether the server closed the connection. */
  public boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
