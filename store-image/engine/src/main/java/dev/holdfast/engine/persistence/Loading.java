package dev.holdfast.engine.persistence;

import dev.holdfast.engine.aof.AofFiles;
import dev.holdfast.engine.aof.AppendOnlyFile;
import dev.holdfast.engine.aof.ManifestStore;
import dev.holdfast.engine.aof.StaleMark;
import dev.holdfast.engine.aof.UnsyncedMark;
import dev.holdfast.engine.loop.CommandExecutor;
import dev.holdfast.engine.persistence.Persistence.Context;
import dev.holdfast.engine.rewrite.Background;
import dev.holdfast.engine.rewrite.EntryBlock;
import dev.holdfast.engine.storage.FileInput;
import dev.holdfast.engine.storage.Storage;
import dev.holdfast.engine.storage.StorageException;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.offheap.ByteSource;
import dev.holdfast.formats.rdb.RdbException;
import dev.holdfast.formats.rdb.RdbOptions;
import dev.holdfast.formats.rdb.RdbWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The start: decides what to load, loads it in slices so that clients get {@code -LOADING}
 * meanwhile, and opens the log behind it. Nothing on the disk changes before everything is loaded,
 * except that a single-file AOF is taken over.
 */
final class Loading {
  /** One file to load. */
  private record Part(Path path, long size, boolean base) {}

  private static final int BATCH = 16;

  /** From so many bytes of files on, memory is taken in large pieces. */
  private static final long MUCH = 64 << 20;

  private final Context context;
  private final Storage storage;
  private final AppendOnlyFile aof;
  private final Background background;
  private final AofFiles files;

  private boolean loading;
  private boolean appendOnly;
  private CommandExecutor executor;
  private Manifest manifest = Manifest.empty();
  private List<Part> parts = List.of();
  private int part;
  private long finishedBytes;
  private final LoadProgress progress;
  private long keysLoaded;
  private long keysExpired;
  private long rdbUsedMemory;

  private Optional<NewerDump> newerDump = Optional.empty();
  private DumpComparison comparison;

  private ByteSource source;
  private FileInput input;
  private BaseReading reading;
  private Replay replay;

  private final LoadedLog log;
  private final long[] entries = new long[BATCH];
  private final int[] databases = new int[BATCH];
  private final long[] hashes = new long[BATCH];

  Loading(Context context, AppendOnlyFile aof, Background background) {
    this.context = context;
    this.storage = context.storage();
    this.aof = aof;
    this.background = background;
    this.files = new AofFiles(context.paths());
    this.log = new LoadedLog(context);
    this.progress = new LoadProgress(context.clock(), context.events());
  }

  void begin(boolean appendOnlyAtStart, CommandExecutor replayExecutor) throws LoadException {
    loading = true;
    appendOnly = appendOnlyAtStart;
    executor = replayExecutor;
    try {
      var dump = dump();
      var folder = new AofFolder(storage, files, dump);
      if (appendOnly) {
        planAof(folder);
      } else {
        manifest = folder.readManifest().orElse(Manifest.empty());
        if (manifest.isEmpty()) {
          aof.refuseToSwitchOn(folder.unclaimed());
        }
        if (storage.exists(dump)) {
          parts = List.of(part(dump, true));
        } else {
          folder.refuseHiddenLog(manifest).ifPresent(context.events()::warning);
        }
      }
    } catch (IOException e) {
      throw new LoadException("Cannot read the data directory: " + e.getMessage(), e);
    }
    context.keyspace().expectMuch(bytesToRead() >= MUCH);
    progress.begin(bytesToRead());
  }

  private Path dump() {
    return context.paths().directory().resolve(context.settings().dumpFile);
  }

  private void planAof(AofFolder folder) throws IOException, LoadException {
    var found = folder.find();
    if (found.isEmpty()) {
      folder.refuseHiddenDump();
      return;
    }
    manifest = found.get();
    parts = new ArrayList<>();
    for (var file : manifest.replayed()) {
      var path = files.file(file.name());
      if (!storage.exists(path)) {
        throw new LoadException(
            "The manifest %s names %s, which does not exist. Restore the file, or run holdfast-check-aof to see what is left"
                .formatted(files.manifest(), file.name()));
      }
      parts.add(part(path, manifest.base().equals(Optional.of(file))));
    }
    newerDump = NewerDump.find(storage, files, manifest, dump());
  }

  private long bytesToRead() throws LoadException {
    long bytes = parts.stream().mapToLong(Part::size).sum();
    try {
      return bytes + sizeOf(newerDump.map(NewerDump::file));
    } catch (IOException e) {
      throw new LoadException("Cannot read the data directory: " + e.getMessage(), e);
    }
  }

  private Part part(Path path, boolean base) throws IOException {
    try (var file = storage.openForRead(path)) {
      return new Part(path, file.size(), base);
    }
  }

  /** Loads what there is into the keyspace as it is, at once, and leaves log and files alone. */
  void again(boolean fromLog, CommandExecutor replayExecutor) throws LoadException {
    begin(fromLog, replayExecutor);
    newerDump = Optional.empty();
    loadAll();
  }

  private void loadAll() throws LoadException {
    loading = false;
    try {
      while (part < parts.size()) {
        load(parts.get(part), Long.MAX_VALUE / 2);
      }
    } catch (IOException e) {
      throw new LoadException("%s: %s".formatted(parts.get(part).path(), e.getMessage()), e);
    } finally {
      context.keyspace().expectMuch(false);
    }
  }

  /**
   * Loads the log into the keyspace, where a dump seems to be newer, and compares; at once, and
   * leaves all files alone.
   */
  Optional<DumpDifference> compareWithDump(CommandExecutor replayExecutor) throws LoadException {
    begin(true, replayExecutor);
    loading = false;
    if (newerDump.isEmpty()) {
      return Optional.empty();
    }
    loadAll();
    try {
      while (!compared(Long.MAX_VALUE / 2)) {
        // Each step waits for what is read.
      }
    } catch (IOException e) {
      throw new LoadException("%s: %s".formatted(newerDump.get().file(), e.getMessage()), e);
    }
    return comparison.difference();
  }

  /** One slice of comparing what was loaded with a dump that seems to be newer. */
  private boolean compared(long nanos) throws IOException {
    if (newerDump.isEmpty()) {
      return true;
    }
    if (comparison == null) {
      comparison = new DumpComparison(context, background, newerDump.get());
    }
    boolean end = comparison.step(nanos);
    if (end) {
      comparison.close();
    }
    return end;
  }

  private void refuseNewerDump() throws LoadException {
    if (comparison == null || comparison.difference().isEmpty()) {
      return;
    }
    throw new LoadException(
        """
        The append only file in %s is out of date: %s. \
        It was switched off before, or another dump was put here; a stock server would load the old data. \
        To keep the newer data, start with "--appendonly no" and then CONFIG SET appendonly yes, which writes the append only file anew. \
        To go back to the old data, move %s away.\
        """
            .formatted(
                files.folder(), comparison.difference().get().words(), newerDump.get().file()));
  }

  /** One slice; true when everything is loaded and the log is open. */
  boolean step(long nanos) throws LoadException {
    try {
      if (part < parts.size()) {
        load(parts.get(part), nanos);
        progress.at(loadedBytes());
        return false;
      }
      if (!comparedOrUnreadable(nanos)) {
        progress.at(loadedBytes());
        return false;
      }
      refuseNewerDump();
      context.keyspace().expectMuch(false);
      open();
      loading = false;
      sweep();
      return true;
    } catch (IOException e) {
      var what = part < parts.size() ? parts.get(part).path() : files.folder();
      if (e instanceof StorageException) {
        throw new LoadException(
            "Cannot use %s: %s"
                .formatted(appendOnly ? "the append only file" : what, e.getMessage()),
            e);
      }
      throw new LoadException(
          appendOnly
              ? "%s %s: %s%s"
                  .formatted(LoadedLog.BAD_FORMAT, what, e.getMessage(), LoadedLog.ADVICE)
              : "Cannot load %s: %s. Restore a good copy, or move it away to begin empty"
                  .formatted(what, e.getMessage()),
          e);
    }
  }

  /** A dump that cannot be read holds no newer data that anybody could load. */
  private boolean comparedOrUnreadable(long nanos) throws IOException {
    try {
      return compared(nanos);
    } catch (RdbException e) {
      context
          .events()
          .warning(
              "%s seems to be newer than the append only file and cannot be read: %s. Going on with the append only file"
                  .formatted(newerDump.orElseThrow().file(), e.getMessage()));
      comparison.close();
      comparison = null;
      newerDump = Optional.empty();
      return true;
    }
  }

  // ---- one file

  private void load(Part current, long nanos) throws IOException, LoadException {
    if (reading == null && replay == null) {
      openPart(current);
    }
    if (reading != null) {
      apply(nanos);
      return;
    }
    boolean finished = replay.isFinished();
    if (replay.step(nanos)) {
      return;
    }
    if (!finished) {
      context.waiting().run();
      return;
    }
    ended(current, replay.end());
    finishPart(current);
  }

  private void ended(Part current, LogEnd end) throws IOException, LoadException {
    boolean isLast = true;
    var folder = new AofFolder(storage, files, dump());
    for (var later : parts.subList(part + 1, parts.size())) {
      isLast &= !folder.holdsData(later.path());
    }
    if (current.base()) {
      log.base(current.path(), end, isLast);
    } else {
      log.incremental(current.path(), end, isLast);
    }
  }

  private void openPart(Part current) throws IOException {
    input = new FileInput(storage.openForRead(current.path()));
    source = new ByteSource(input, 0, input.window(1 << 20));
    if (current.base() && Preamble.detect(source) == BaseFormat.RDB) {
      reading = new BaseReading(source, background, context.wakeLoop());
    } else {
      close();
      replay = replay(current, 0);
    }
  }

  private Replay replay(Part current, long from) {
    var commands = new LogReading(storage, current.path(), from, background, context.wakeLoop());
    return new Replay(commands, current.size(), executor, context.keyspace(), context.clock());
  }

  private void apply(long nanos) throws IOException, LoadException {
    long end = context.clock().monotonicNanos() + nanos;
    boolean finished = reading.isFinished();
    var block = reading.poll();
    rdbUsedMemory = reading.usedMemory();
    expectAnnounced();
    if (block == null) {
      if (finished) {
        if (reading.failure() != null) {
          throw reading.failure();
        }
        log.snapshot(reading.logOffset());
        reading.close();
        reading = null;
        // In an AOF of Redis 4 to 6, commands follow; what may follow in a dump is nobody's.
        if (appendOnly) {
          replay = replay(parts.get(part), source.offset());
        } else {
          finishPart(parts.get(part));
        }
      } else {
        context.waiting().run();
      }
      return;
    }
    while (block != null) {
      apply(block);
      reading.done(block);
      block = context.clock().monotonicNanos() - end < 0 ? reading.poll() : null;
    }
  }

  private void expectAnnounced() {
    for (var next = reading.pollAnnounced(); next != null; next = reading.pollAnnounced()) {
      if (next.database() < context.keyspace().databases()) {
        context.keyspace().database(next.database()).expect(next.keys());
      }
    }
  }

  private void apply(EntryBlock block) throws LoadException {
    long now = context.clock().wallMillis();
    for (int count = gather(block); count > 0; count = gather(block)) {
      for (int i = 0; i < count; i++) {
        block.at(entries[i]);
        put(block, hashes[i], now);
      }
    }
  }

  /** The next entries, with what their keys lead to brought near. */
  private int gather(EntryBlock block) throws LoadException {
    var keyspace = context.keyspace();
    int count = 0;
    while (count < BATCH && block.next()) {
      if (block.db() < 0 || block.db() >= keyspace.databases()) {
        throw new LoadException(
            "%s has keys of database %d, but this server has %d; raise the directive databases"
                .formatted(parts.get(part).path(), block.db(), keyspace.databases()));
      }
      entries[count] = block.position();
      databases[count] = block.db();
      hashes[count++] = keyspace.hash(block.keyAddress(), block.keyLength());
    }
    // Nothing but loads, so that the processor waits for many of them at once.
    for (int i = 0; i < count; i++) {
      keyspace.prefetchIndex(databases[i], hashes[i]);
    }
    return count;
  }

  private void put(EntryBlock block, long hash, long now) throws LoadException {
    if (!appendOnly && block.expireAtMillis() >= 0 && block.expireAtMillis() < now) {
      keysExpired++;
      return;
    }
    var database = context.keyspace().database(block.db());
    long before = database.size();
    database.put(
        block.keyAddress(),
        block.keyLength(),
        hash,
        block.type(),
        block.encoding(),
        block.valueAddress(),
        block.valueLength(),
        block.expireAtMillis());
    if (database.size() == before) {
      throw new LoadException(
          "%s holds a key twice; %s%s"
              .formatted(
                  parts.get(part).path(), "Internal error in RDB reading", LoadedLog.ADVICE));
    }
    keysLoaded++;
  }

  private void finishPart(Part current) throws IOException {
    if (replay != null && replay.failedCommands() > 0) {
      context
          .events()
          .warning(
              "%d commands of %s answered with an error, the first one: %s"
                  .formatted(replay.failedCommands(), current.path(), replay.firstError()));
    }
    context
        .events()
        .notice(
            "DB loaded from %s file %s: %d bytes"
                .formatted(
                    current.base() ? "base" : "incr",
                    current.path().getFileName(),
                    current.size()));
    finishedBytes += current.size();
    part++;
    close();
  }

  private void close() throws IOException {
    if (source != null) {
      source.close();
      source = null;
      input.close();
    }
    if (replay != null) {
      replay.close();
      replay = null;
    }
  }

  // ---- afterwards

  private void open() throws IOException {
    if (!appendOnly) {
      boolean outOfDate = new StaleMark(storage, files).speaksOf(manifest);
      aof.knowManifest(manifest, outOfDate, log.offsetWithout(files, manifest));
      return;
    }
    storage.createDirectories(files.folder());
    var manifests = new ManifestStore(storage, files.folder(), files.names());
    if (manifest.isEmpty()) {
      manifest = writeEmptyBase();
    }
    var closed = manifest;
    manifest = closed.withoutEndOffset();
    if (!manifest.equals(closed)) {
      manifests.persist(manifest);
    }
    log.cut();
    long baseBytes = sizeOf(manifest.base().map(base -> files.file(base.name())));
    if (manifest.incr().isEmpty()) {
      manifest = manifest.withNextIncr(files.names());
      var created = storage.create(files.file(manifest.incr().getLast().name()));
      storage.syncDirectory(files.folder());
      aof.openLoaded(
          manifest,
          created,
          0,
          log.resume(files.file(manifest.incr().getLast().name())),
          baseBytes,
          baseBytes);
      manifests.persist(manifest);
    } else {
      var last = files.file(manifest.incr().getLast().name());
      var opened = storage.openForAppend(last);
      // What a killed process left in the kernel was loaded as if it were durable; now it is.
      opened.sync();
      storage.syncDirectory(files.folder());
      long earlier = baseBytes;
      for (var file : manifest.incr().subList(0, manifest.incr().size() - 1)) {
        earlier += sizeOf(Optional.of(files.file(file.name())));
      }
      aof.openLoaded(manifest, opened, opened.size(), log.resume(last), baseBytes, earlier);
      if (new UnsyncedMark(storage, files).isSet()) {
        aof.distrustLoaded();
        context
            .events()
            .warning(
                "A sync of the append only file failed before this start, so its end may not be on"
                    + " the disk: writing it anew, writes are refused until that is done");
      }
    }
    context
        .events()
        .notice(
            "DB loaded from append only file: %.3f seconds"
                .formatted(progress.elapsedNanos() / 1e9));
  }

  /** A new AOF begins with a base without keys, as stock servers write it. */
  private Manifest writeEmptyBase() throws IOException {
    var format = context.settings().rdbPreamble ? BaseFormat.RDB : BaseFormat.AOF;
    var written = Manifest.empty().rewritten(files.names(), format, Long.MAX_VALUE);
    var temporary = files.temporaryBase();
    try (var file = storage.create(temporary)) {
      if (format == BaseFormat.RDB) {
        try (var writer =
            new RdbWriter(
                bytes -> file.writeFully(bytes.address(), bytes.byteSize()), RdbOptions.DEFAULT)) {
          writer.start();
          writer.standardAux(
              SnapshotFactory.SERVER_VERSION,
              context.clock().wallMillis() / 1000,
              context.keyspace().usedBytes(),
              true);
          writer.end();
        }
      }
      file.sync();
    }
    storage.rename(temporary, files.file(written.base().orElseThrow().name()));
    storage.syncDirectory(files.folder());
    return written;
  }

  private long sizeOf(Optional<Path> path) throws IOException {
    if (path.isEmpty()) {
      return 0;
    }
    try (var file = storage.openForRead(path.get())) {
      return file.size();
    }
  }

  /** Removes what an interrupted rewrite or save left. */
  private void sweep() throws IOException {
    var folder = new AofFolder(storage, files, dump());
    var leftovers = appendOnly ? folder.leftovers(manifest) : List.<String>of();
    background.submit(
        () -> {
          try {
            var directory = context.paths().directory();
            for (var name : storage.list(directory)) {
              if (AofFiles.isLeftover(name)) {
                storage.delete(directory.resolve(name));
              }
            }
            for (var name : leftovers) {
              storage.delete(files.file(name));
              storage.syncDirectory(files.folder());
            }
          } catch (IOException e) {
            context
                .events()
                .warning(
                    "Cannot remove what an interrupted rewrite left: "
                        + StorageException.reasonOf(e));
          }
        });
  }

  void abandon() {
    if (reading != null) {
      reading.abandon();
    }
    if (replay != null) {
      replay.abandon();
    }
    if (comparison != null) {
      comparison.abandon();
    }
  }

  // ---- facts

  boolean isLoading() {
    return loading;
  }

  /** The log is being loaded, which will be open afterwards. */
  boolean isLogLoading() {
    return loading && appendOnly;
  }

  /** Bytes of the files of the log that is loaded. */
  long logBytes() {
    return parts.stream().mapToLong(Part::size).sum();
  }

  /** Bytes of its base. */
  long baseBytes() {
    return parts.stream().filter(Part::base).mapToLong(Part::size).sum();
  }

  /** What the RDB file that is loaded says of the memory that its data took; 0 unknown. */
  long rdbUsedMemory() {
    return rdbUsedMemory;
  }

  long keysLoaded() {
    return keysLoaded;
  }

  long keysExpired() {
    return keysExpired;
  }

  LoadProgress progress() {
    return progress;
  }

  long loadedBytes() {
    long current = reading != null ? reading.position() : replay != null ? replay.offset() : 0;
    return finishedBytes + current + (comparison == null ? 0 : comparison.position());
  }
}
