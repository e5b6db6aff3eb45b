package dev.holdfast.engine.net;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The networks that tests run on. */
public enum NetworkKind {
  SIM {
    @Override
    public Network create(long seed) {
      return new SimNetwork(seed);
    }

    @Override
    public Peer connect(Network network, Listener listener) {
      return ((SimNetwork) network).connect();
    }
  },
  NIO {
    @Override
    public Network create(long seed) {
      try {
        return new NioNetwork();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Peer connect(Network network, Listener listener) {
      return new SocketPeer(listener.port());
    }
  },
  EPOLL {
    @Override
    public Network create(long seed) {
      try {
        return new EpollNetwork();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Peer connect(Network network, Listener listener) {
      return new SocketPeer(listener.port());
    }
  };

  public abstract Network create(long seed);

  public abstract Peer connect(Network network, Listener listener);
}
