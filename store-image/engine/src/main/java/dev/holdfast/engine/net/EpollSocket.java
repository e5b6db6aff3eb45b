package dev.holdfast.engine.net;

/** What the poller keeps of a socket. */
abstract class EpollSocket implements Pollable {
  final EpollNetwork network;
  final int fd;

  /** Tells this socket from an earlier one with the same descriptor. */
  int generation;

  /** What epoll was asked for; 0 means that it does not know the socket. */
  int events;

  boolean open = true;

  EpollSocket(EpollNetwork network, int fd) {
    this.network = network;
    this.fd = fd;
  }

  final void closeSocket() {
    if (open) {
      open = false;
      network.poller.forget(this);
      network.posix.close(fd);
    }
  }
}
