package dev.holdfast.engine.persistence;

import dev.holdfast.engine.storage.SimStorage;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.engine.storage.StoredFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Mistakes that a store could make, put between it and its disk: the calls arrive as if the store
 * had made them wrongly.
 */
public enum DeliberateFault implements Function<SimStorage, Storage> {
  /** New names are taken for lasting although their directory was not synced. */
  MISSING_DIRECTORY_SYNC {
    @Override
    public Storage apply(SimStorage disk) {
      return standIn(
          Storage.class,
          (method, arguments) ->
              method.getName().equals("syncDirectory") ? null : call(disk, method, arguments));
    }
  },

  /** A sync is reported done when it has only been asked for, and replies leave. */
  REPLY_BEFORE_SYNC {
    @Override
    public Storage apply(SimStorage disk) {
      return new LateSync().over(Storage.class, disk);
    }
  },

  /** The manifest that names a base is in force before the base has its name. */
  MANIFEST_BEFORE_BASE {
    @Override
    public Storage apply(SimStorage disk) {
      var late = new LateBase(disk);
      return standIn(
          Storage.class,
          (method, arguments) -> {
            switch (method.getName()) {
              case "rename" -> late.rename((Path) arguments[0], (Path) arguments[1]);
              case "syncDirectory" -> late.syncDirectory((Path) arguments[0]);
              default -> {
                return call(disk, method, arguments);
              }
            }
            return null;
          });
    }
  };

  /** What happens instead of a call. */
  private interface Instead {
    Object of(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T standIn(Class<T> type, Instead instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> instead.of(method, arguments)));
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static final class LateSync {
    private StoredFile asked;

    <T> T over(Class<T> type, T target) {
      return standIn(
          type,
          (method, arguments) -> {
            if (asked != null) {
              var file = asked;
              asked = null;
              file.sync();
            }
            if (method.getName().equals("sync")) {
              asked = (StoredFile) target;
              return null;
            }
            var result = call(target, method, arguments);
            return result instanceof StoredFile file ? over(StoredFile.class, file) : result;
          });
    }
  }

  private static final class LateBase {
    private final SimStorage disk;
    private Path from;
    private Path to;
    private boolean manifestRenamed;

    LateBase(SimStorage disk) {
      this.disk = disk;
    }

    void rename(Path oldName, Path newName) throws Throwable {
      boolean rewrite = disk.exists(SimServer.FOLDER.resolve("appendonly.aof.manifest"));
      if (rewrite && newName.toString().contains(".base.")) {
        from = oldName;
        to = newName;
        return;
      }
      disk.rename(oldName, newName);
      manifestRenamed = true;
    }

    void syncDirectory(Path directory) throws Throwable {
      disk.syncDirectory(directory);
      if (manifestRenamed && to != null) {
        disk.rename(from, to);
        disk.syncDirectory(directory);
        to = null;
      }
      manifestRenamed = false;
    }
  }
}
