package dev.holdfast.engine.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** A selector as a {@link Poller}. */
final class NioPoller implements Poller {
  final Selector selector;
  private final List<SelectionKey> ready = new ArrayList<>();

  NioPoller() throws IOException {
    this.selector = Selector.open();
  }

  @Override
  public int poll(long timeoutNanos) {
    ready.clear();
    try {
      if (timeoutNanos == 0) {
        selector.selectNow(ready::add);
      } else {
        long millis = timeoutNanos < 0 ? 0 : (timeoutNanos + 999_999) / 1_000_000;
        selector.select(ready::add, millis);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ready.size();
  }

  @Override
  public Pollable ready(int i) {
    var key = ready.get(i);
    return key.isValid() ? (Pollable) key.attachment() : null;
  }

  @Override
  public boolean readable(int i) {
    var key = ready.get(i);
    return key.isValid() && (key.isReadable() || key.isAcceptable());
  }

  @Override
  public boolean writable(int i) {
    var key = ready.get(i);
    return key.isValid() && key.isWritable();
  }

  @Override
  public void wakeup() {
    selector.wakeup();
  }

  void close() {
    try {
      for (var key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
