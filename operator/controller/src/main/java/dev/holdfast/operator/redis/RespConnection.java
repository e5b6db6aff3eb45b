package dev.holdfast.operator.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection to a server that speaks RESP2. It blocks, and is meant for a virtual thread. Every
 * command has one deadline for its whole reply, so a server that sends a byte now and then cannot
 * hold a caller, and replies are bounded, so it cannot fill the heap.
 */
public final class RespConnection implements Closeable {

  private static final int LONGEST_LINE = 64 * 1024;
  private static final int LONGEST_BULK = 4 * 1024 * 1024;
  private static final int LONGEST_ARRAY = 16 * 1024;
  private static final int DEEPEST = 8;

  private final Socket socket;
  private final InputStream in;
  private final Duration timeout;
  private long deadline;

  private RespConnection(Socket socket, Duration timeout) throws IOException {
    this.socket = socket;
    this.timeout = timeout;
    this.in = new BufferedInputStream(new DeadlineStream(), 16 * 1024);
  }

  /**
   * Connects.
   *
   * @param timeout for connecting, and again for each command
   */
  public static RespConnection open(String host, int port, Duration timeout) throws IOException {
    var socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
      return new RespConnection(socket, timeout);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Sends a command and waits for its reply.
   *
   * @throws SocketTimeoutException when the reply is not complete in time
   * @throws IOException when the connection breaks or what comes is no RESP; the connection is of
   *     no use afterwards
   */
  public Reply command(String... words) throws IOException {
    deadline = System.nanoTime() + timeout.toNanos();
    var out = socket.getOutputStream();
    out.write(encode(words));
    out.flush();
    return read(0);
  }

  /** As {@link #command}, where anything but an error is expected. */
  public Reply expect(String... words) throws IOException {
    var reply = command(words);
    if (reply instanceof Reply.Failure(String message)) {
      throw new ServerError(words[0], message);
    }
    return reply;
  }

  private static byte[] encode(String... words) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
    for (var word : words) {
      var value = word.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(("$" + value.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
      bytes.writeBytes(value);
      bytes.writeBytes(new byte[] {'\r', '\n'});
    }
    return bytes.toByteArray();
  }

  private Reply read(int depth) throws IOException {
    var line = line();
    if (line.isEmpty()) {
      throw new IOException("no RESP: expected a type, found an empty line");
    }
    var rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> new Reply.Text(rest);
      case '-' -> new Reply.Failure(rest);
      case ':' -> new Reply.Number(number(rest, Long.MAX_VALUE));
      case '$' -> bulk(number(rest, LONGEST_BULK));
      case '*' -> array(number(rest, LONGEST_ARRAY), depth);
      default ->
          throw new IOException(
              "no RESP: expected one of + - : $ *, found '" + line.charAt(0) + "'");
    };
  }

  private Reply bulk(long length) throws IOException {
    if (length < 0) {
      return new Reply.Nil();
    }
    var bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException("connection closed inside a reply");
    }
    if (!line().isEmpty()) {
      throw new IOException(
          "no RESP: expected the end of a bulk string after " + length + " bytes");
    }
    return new Reply.Text(new String(bytes, StandardCharsets.UTF_8));
  }

  private Reply array(long length, int depth) throws IOException {
    if (length < 0) {
      return new Reply.Nil();
    }
    if (depth == DEEPEST) {
      throw new IOException("arrays nested more than " + DEEPEST + " deep");
    }
    List<Reply> values = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      values.add(read(depth + 1));
    }
    return new Reply.Items(List.copyOf(values));
  }

  private static long number(String text, long most) throws IOException {
    try {
      var value = Long.parseLong(text);
      if (value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IOException("no RESP: expected a number, found '" + text + "'", e);
    }
    throw new IOException("reply too large: " + text + ", at most " + most + " is read");
  }

  private String line() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("connection closed inside a reply");
      }
      if (bytes.size() == LONGEST_LINE) {
        throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
      }
      bytes.write(next);
    }
    var line = bytes.toString(StandardCharsets.UTF_8);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** An error that the server answered with. */
  public static final class ServerError extends IOException {
    private static final long serialVersionUID = 1L;
    private final String words;

    ServerError(String command, String words) {
      super(command + " was answered with: " + words);
      this.words = words;
    }

    /** The server's words, its code included. */
    public String words() {
      return words;
    }
  }

  private final class DeadlineStream extends InputStream {
    private final InputStream raw;

    DeadlineStream() throws IOException {
      raw = socket.getInputStream();
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      var left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no complete reply within " + timeout.toMillis() + " ms");
      }
      socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      try {
        return raw.read(buffer, offset, length);
      } catch (SocketTimeoutException e) {
        throw new SocketTimeoutException("no complete reply within " + timeout.toMillis() + " ms");
      }
    }
  }
}
