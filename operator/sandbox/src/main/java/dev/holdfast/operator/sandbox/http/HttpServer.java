package dev.holdfast.operator.sandbox.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * A small HTTPS/1.1 server: a virtual thread per connection, keep-alive, chunked streams, upgrades.
 *
 * <p>The JDK's own server can neither upgrade a connection nor tell that the client of a stream has
 * left, and both matter for watches.
 */
public final class HttpServer implements AutoCloseable {
  private static final int MAX_HEAD = 64 * 1024;
  private static final int MAX_BODY = 16 * 1024 * 1024;

  private final ServerSocket listener;
  private final Handler handler;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  /** Listens at once; port 0 takes a free one. */
  public HttpServer(InetAddress address, int port, SSLContext tls, Handler handler)
      throws IOException {
    this.handler = handler;
    listener = tls.getServerSocketFactory().createServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(address, port), 512);
    Thread.ofVirtual().name("https-accept").start(this::accept);
  }

  /** The port that is listened on. */
  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    connections.forEach(HttpServer::closeQuietly);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.add(socket);
        Thread.ofVirtual().name("https-connection").start(() -> serve(socket));
      } catch (IOException e) {
        if (listener.isClosed()) {
          return;
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 8192);
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 16384);
      boolean again = true;
      while (again) {
        Request request = read(in, out);
        if (request == null) {
          return;
        }
        boolean keepAlive = !request.header("connection").equalsIgnoreCase("close");
        Thread serving = Thread.currentThread();
        var response = new Response(out, keepAlive, () -> interruptAtEnd(in, socket, serving));
        handler.handle(request, response);
        again = response.started() && response.keepAlive();
      }
    } catch (IOException | InterruptedException e) {
      // the client is gone, or the server is closing: nobody is left to tell
    } finally {
      connections.remove(socket);
    }
  }

  /** A client that streams sends nothing more, so the end of its input means that it has left. */
  private static void interruptAtEnd(InputStream in, Socket socket, Thread serving) {
    Thread.ofVirtual()
        .name("https-client-left")
        .start(
            () -> {
              try {
                while (in.read() >= 0) {
                  continue;
                }
              } catch (IOException e) {
                // reset by the client: it has left as well
              }
              closeQuietly(socket);
              serving.interrupt();
            });
  }

  private static Request read(InputStream in, OutputStream out) throws IOException {
    String line = readLine(in);
    if (line == null || line.isEmpty()) {
      return null;
    }
    String[] parts = line.split(" ");
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
      throw new IOException("expected an HTTP/1.1 request line, found: " + line);
    }
    Map<String, String> headers = new HashMap<>();
    for (String header = readLine(in); header != null && !header.isEmpty(); ) {
      int colon = header.indexOf(':');
      if (colon > 0) {
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
      header = readLine(in);
    }
    if (headers.containsKey("expect")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    byte[] body = readBody(in, headers);
    String target = parts[1].startsWith("http") ? rawTarget(parts[1]) : parts[1];
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    Map<String, List<String>> query =
        mark < 0 ? Map.of() : Request.parseQuery(target.substring(mark + 1));
    return new Request(
        parts[0], Request.decode(path.replace("+", "%2B")), query, headers, body, in);
  }

  private static String rawTarget(String absolute) {
    URI uri = URI.create(absolute);
    return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }

  private static byte[] readBody(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      var body = new ByteArrayOutputStream();
      while (true) {
        String size = readLine(in);
        if (size == null) {
          throw new EOFException("the body ended inside a chunk");
        }
        int length = Integer.parseInt(size.split(";")[0].strip(), 16);
        checkSize(body.size() + (long) length);
        body.write(in.readNBytes(length));
        readLine(in);
        if (length == 0) {
          return body.toByteArray();
        }
      }
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    checkSize(length);
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("expected a body of " + length + " bytes, found " + body.length);
    }
    return body;
  }

  private static void checkSize(long size) throws IOException {
    if (size > MAX_BODY) {
      throw new IOException("a request body of " + size + " bytes; at most " + MAX_BODY);
    }
  }

  private static String readLine(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return line.toString();
      }
      if (b != '\r') {
        line.append((char) b);
      }
      if (line.length() > MAX_HEAD) {
        throw new IOException("a header line of more than " + MAX_HEAD + " bytes");
      }
    }
    return line.isEmpty() ? null : line.toString();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed either way
    }
  }
}
