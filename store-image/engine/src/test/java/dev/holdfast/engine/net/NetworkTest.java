package dev.holdfast.engine.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Both networks of a real system behave alike. */
@ParameterizedClass
@EnumSource(names = {"NIO", "EPOLL"})
class NetworkTest {
  private static final int ROOM = 1 << 20;

  private final NetworkKind kind;
  private Network network;
  private long memory;

  NetworkTest(NetworkKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void open() {
    network = kind.create(0);
    memory = NativeHeap.allocate(ROOM);
  }

  @AfterEach
  void close() {
    network.close();
    NativeHeap.free(memory);
  }

  private Connection accept(Listener listener) {
    Connection connection;
    long deadline = System.nanoTime() + 10_000_000_000L;
    while ((connection = listener.accept()) == null) {
      assertThat(listener.failure()).isNull();
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    return connection;
  }

  private Pollable waitFor(boolean write) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < deadline) {
      int count = network.poller().poll(1_000_000_000L);
      for (int i = 0; i < count; i++) {
        var ready = network.poller().ready(i);
        if (ready != null
            && (write ? network.poller().writable(i) : network.poller().readable(i))) {
          return ready;
        }
      }
    }
    throw new AssertionError("nothing became ready");
  }

  private String read(Connection connection) {
    int n = connection.read(memory, ROOM);
    return n <= 0 ? "(" + n + ")" : Memory.ascii(memory, n);
  }

  private static void awaitReceived(SocketPeer peer, int bytes) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (peer.received().length < bytes && !peer.ended()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      peer.pump();
    }
  }

  @Test
  void aConnectionIsAcceptedReadAndWritten() throws Exception {
    var listener = network.listen("127.0.0.1", 0, 16);
    assertThat(listener.local()).isEqualTo("127.0.0.1:" + listener.port());
    assertThat(listener.accept()).isNull();
    var peer = new SocketPeer(listener.port());
    assertThat(waitFor(false)).isSameAs(listener);
    var connection = accept(listener);
    connection.attach("mine");
    connection.interest(true, false);
    assertThat(connection.remote()).matches("127\\.0\\.0\\.1:\\d+");
    assertThat(connection.local()).isEqualTo(listener.local());
    assertThat(connection.isLocal()).isTrue();
    assertThat(connection.read(memory, ROOM)).isEqualTo(Connection.WOULD_BLOCK);
    peer.send("hello".getBytes(StandardCharsets.US_ASCII));
    assertThat(((Connection) waitFor(false)).attachment()).isEqualTo("mine");
    assertThat(read(connection)).isEqualTo("hello");
    Memory.copyFrom("world".getBytes(StandardCharsets.US_ASCII), 0, memory, 5);
    assertThat(connection.write(memory, 5L)).isEqualTo(5);
    awaitReceived(peer, 5);
    assertThat(peer.received()).asString().isEqualTo("world");
    peer.close();
    assertThat(waitFor(false)).isSameAs(connection);
    assertThat(read(connection)).isEqualTo("(-1)");
    assertThat(connection.failure()).isNull();
  }

  @Test
  void severalPiecesLeaveInOneCall() throws Exception {
    var listener = network.listen("127.0.0.1", 0, 16);
    var peer = new SocketPeer(listener.port());
    var connection = accept(listener);
    long pairs = memory;
    long text = memory + 100;
    Memory.copyFrom("abcdef".getBytes(StandardCharsets.US_ASCII), 0, text, 6);
    Memory.putLong(pairs, text + 4);
    Memory.putLong(pairs + 8, 2);
    Memory.putLong(pairs + 16, text);
    Memory.putLong(pairs + 24, 4);
    assertThat(connection.writeVector(pairs, 2)).isEqualTo(6);
    awaitReceived(peer, 6);
    assertThat(peer.received()).asString().isEqualTo("efabcd");
  }

  @Test
  void aFullSocketTakesNoMoreAndSaysWhenItDoes() throws Exception {
    var listener = network.listen("127.0.0.1", 0, 16);
    var peer = new SocketPeer(listener.port());
    peer.reading(false);
    var connection = accept(listener);
    connection.interest(true, true);
    assertThat(waitFor(true)).isSameAs(connection);
    Memory.fill(memory, ROOM, (byte) 'x');
    long sent = 0;
    long n;
    while ((n = connection.write(memory, (long) ROOM)) > 0) {
      sent += n;
    }
    assertThat(n).isEqualTo(Connection.WOULD_BLOCK);
    assertThat(network.poller().poll(0)).isZero();
    peer.reading(true);
    awaitReceived(peer, (int) sent);
    assertThat(waitFor(true)).isSameAs(connection);
  }

  @Test
  void aPeerThatIsGoneIsAValueAndNotAnException() throws Exception {
    var listener = network.listen("127.0.0.1", 0, 16);
    var peer = new SocketPeer(listener.port());
    var connection = accept(listener);
    connection.interest(true, false);
    peer.reset();
    assertThat(waitFor(false)).isSameAs(connection);
    assertThat(connection.read(memory, ROOM)).isEqualTo(Connection.CLOSED);
    assertThat(connection.failure()).startsWith("Connection reset");
    assertThat(connection.write(memory, 5L)).isEqualTo(Connection.CLOSED);
    connection.close();
    assertThat(connection.remote()).startsWith("127.0.0.1:");
  }

  @Test
  void aSocketThatWantsNothingIsNotReported() throws Exception {
    var listener = network.listen("127.0.0.1", 0, 16);
    var peer = new SocketPeer(listener.port());
    var connection = accept(listener);
    connection.interest(true, false);
    connection.interest(false, false);
    peer.send(new byte[10]);
    peer.finish();
    assertThat(network.poller().poll(50_000_000)).isZero();
    connection.interest(true, false);
    assertThat(waitFor(false)).isSameAs(connection);
  }

  @Test
  void aSocketThatWasClosedIsNotReportedEvenWhenItsDescriptorIsTakenAgain() throws Exception {
    var listener = network.listen("127.0.0.1", 0, 16);
    var first = new SocketPeer(listener.port());
    var old = accept(listener);
    old.interest(true, false);
    first.send(new byte[1]);
    assertThat(waitFor(false)).isSameAs(old);
    old.close();
    var second = new SocketPeer(listener.port());
    var next = accept(listener);
    next.interest(true, false);
    assertThat(network.poller().ready(0)).isNull();
    second.send(new byte[1]);
    assertThat(waitFor(false)).isSameAs(next);
  }

  @Test
  void aListenerMayStopAcceptingForAWhile() throws Exception {
    var listener = network.listen("127.0.0.1", 0, 16);
    listener.accepting(false);
    var peer = new SocketPeer(listener.port());
    assertThat(network.poller().poll(50_000_000)).isZero();
    listener.accepting(true);
    assertThat(waitFor(false)).isSameAs(listener);
    peer.close();
  }

  @Test
  void aWaitIsEndedFromAnotherThread() throws Exception {
    for (int i = 0; i < 100; i++) {
      var waker = new Thread(() -> network.poller().wakeup());
      waker.start();
      int count = network.poller().poll(-1);
      for (int ready = 0; ready < count; ready++) {
        assertThat(network.poller().ready(ready)).isNull();
      }
      waker.join();
    }
    network.poller().poll(0);
    assertThat(network.poller().poll(1_000_000)).isZero();
  }

  @Test
  void anAddressInUseIsNamed() throws Exception {
    var listener = network.listen("127.0.0.1", 0, 16);
    assertThatThrownBy(() -> network.listen("127.0.0.1", listener.port(), 16))
        .isInstanceOf(ListenException.class)
        .hasMessage(
            "Could not create server TCP listening socket 127.0.0.1:%d: bind: Address already in"
                + " use",
            listener.port());
  }

  @Test
  void keepAliveCanBeSwitchedOnAndOff() throws Exception {
    var listener = network.listen("127.0.0.1", 0, 16);
    var peer = new SocketPeer(listener.port());
    var connection = accept(listener);
    connection.keepAlive(300);
    connection.keepAlive(0);
    assertThat(connection.failure()).isNull();
    peer.close();
  }

  @Test
  void severalAddressesShareOnePortAndOptionalOnesMayBeMissing() throws Exception {
    var lines = new ArrayList<String>();
    var open =
        Bind.open(network, List.of("127.0.0.1", "-192.0.2.1", "127.0.0.2"), 0, 16, lines::add);
    assertThat(open).extracting(Listener::port).hasSize(2).containsOnly(open.getFirst().port());
    assertThat(open).extracting(Listener::local).last().asString().startsWith("127.0.0.2:");
    assertThat(lines).singleElement().asString().contains("192.0.2.1").contains("assign");
    assertThatThrownBy(
            () -> Bind.open(network, List.of("127.0.0.3", "192.0.2.1"), 0, 16, lines::add))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("192.0.2.1");
    assertThatThrownBy(() -> Bind.open(network, List.of("-192.0.2.1"), 0, 16, lines::add))
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("set 'bind'");
  }

  @Test
  void sixAndFourAreApartAndAddressesAreWrittenShort() throws Exception {
    Listener six;
    try {
      six = network.listen("::1", 0, 16);
    } catch (IOException e) {
      assumeThat(false).as("no IPv6 here: %s", e.getMessage()).isTrue();
      return;
    }
    assertThat(six.local()).isEqualTo("[::1]:" + six.port());
    var four = network.listen("127.0.0.1", six.port(), 16);
    var lines = new ArrayList<String>();
    var all = Bind.open(network, List.of("*", "-::*"), 0, 16, lines::add);
    assertThat(all.size() + lines.size()).isEqualTo(2);
    assertThat(lines).hasSize(kind == NetworkKind.NIO ? 1 : 0);
    var peer = SocketChannel.open(new InetSocketAddress("::1", six.port()));
    var connection = accept(six);
    assertThat(connection.remote()).matches("\\[::1]:\\d+");
    assertThat(connection.local()).isEqualTo(six.local());
    assertThat(connection.isLocal()).isTrue();
    assertThat(four.accept()).isNull();
    peer.close();
  }

  @Test
  void aUnixSocketServesAndLeavesNothingBehind(@TempDir Path folder) throws Exception {
    var path = folder.resolve("s");
    Files.writeString(path, "left behind");
    var listener = network.listenUnix(path, 0700, 16);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
    try (var peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      peer.connect(UnixDomainSocketAddress.of(path));
      var connection = accept(listener);
      connection.interest(true, false);
      peer.write(ByteBuffer.wrap("hi".getBytes(StandardCharsets.US_ASCII)));
      assertThat(waitFor(false)).isSameAs(connection);
      assertThat(read(connection)).isEqualTo("hi");
      assertThat(connection.remote()).isEqualTo(path + ":0");
      assertThat(connection.isLocal()).isTrue();
    }
    listener.close();
    assertThat(path).doesNotExist();
  }
}
