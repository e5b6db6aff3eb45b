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
 * The real disk, whose syncs do not return while {@link #hang} is on, or fail. Closing it lets
 * them, so that a server on it can end.
 */
final class HangingSyncs implements AutoCloseable {
  volatile boolean hang;

  /** While it is on, syncs fail. */
  volatile boolean fail;

  /** While it is on, a sync takes so long that the writer's thread does them. */
  volatile boolean slow;

  @Override
  public void close() {
    hang = false;
    fail = false;
  }

  Storage storage() {
    return wrap(Storage.class, new DiskStorage());
  }

  private <T> T wrap(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (method.getName().equals("sync")) {
                if (slow) {
                  LockSupport.parkNanos(2_000_000);
                }
                while (hang) {
                  LockSupport.parkNanos(1_000_000);
                }
                if (fail) {
                  throw new StorageException("sync", Path.of("test"), "Input/output error");
                }
              }
              try {
                var result = method.invoke(real, arguments);
                return result instanceof StoredFile file ? wrap(StoredFile.class, file) : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
