package dev.holdfast.engine.server;

import dev.holdfast.engine.storage.DiskStorage;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.engine.storage.StorageException;
import dev.holdfast.engine.storage.StoredFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The real disk, whose calls of one name on files of one kind wait, or fail, for as long as that is
 * wanted. Closing it lets them through, so that a server on it can end.
 */
final class GatedDisk implements AutoCloseable {
  private volatile String call = "";
  private volatile String part = "";
  private volatile int after;
  private volatile boolean fails;

  /** Calls wait, from the one on that comes behind {@code after} calls of the same file. */
  GatedDisk hold(String call, String partOfName, int after) {
    set(call, partOfName, after, false);
    return this;
  }

  /** Calls fail. */
  GatedDisk fail(String call, String partOfName) {
    set(call, partOfName, 0, true);
    return this;
  }

  private synchronized void set(String call, String part, int after, boolean fails) {
    this.call = "";
    this.part = part;
    this.after = after;
    this.fails = fails;
    this.call = call;
  }

  @Override
  public void close() {
    set("", "", 0, false);
  }

  Storage storage() {
    return wrap(Storage.class, new DiskStorage(), null);
  }

  private <T> T wrap(Class<T> type, T real, Path file) {
    var calls = new int[1];
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (file != null) {
                before(method.getName(), file, calls);
              }
              try {
                var result = method.invoke(real, arguments);
                return result instanceof StoredFile opened
                    ? wrap(StoredFile.class, opened, (Path) arguments[0])
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private void before(String name, Path file, int[] calls) throws StorageException {
    if (!applies(name, file) || calls[0]++ < after) {
      return;
    }
    if (fails) {
      throw new StorageException(name, file, "Input/output error");
    }
    while (applies(name, file)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private boolean applies(String name, Path file) {
    return !call.isEmpty() && name.startsWith(call) && file.getFileName().toString().contains(part);
  }
}
