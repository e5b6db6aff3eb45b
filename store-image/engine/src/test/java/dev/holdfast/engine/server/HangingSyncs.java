package dev.holdfast.engine.server;

import dev.holdfast.engine.storage.DiskStorage;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.engine.storage.StoredFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.LockSupport;

/** The real disk, whose syncs of the log do not return while {@link #hang} is on. */
final class HangingSyncs {
  volatile boolean hang;

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
                while (hang) {
                  LockSupport.parkNanos(1_000_000);
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
