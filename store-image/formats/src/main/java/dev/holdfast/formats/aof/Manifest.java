package dev.holdfast.formats.aof;

import dev.holdfast.formats.aof.ManifestFile.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The manifest of a multi-part AOF: which files it consists of, in the order in which they are
 * replayed.
 *
 * <p>Values; every transition returns a new manifest that the caller makes durable (write {@link
 * AofNames#temporaryManifest}, sync, rename, sync the folder) before it relies on it. The life of
 * an AOF in these terms:
 *
 * <ol>
 *   <li>{@link #withNextIncr}: a new file is appended to. Persisted before the first byte goes
 *       there.
 *   <li>a snapshot is written to a temporary file, then renamed to {@link #nextBaseName}
 *   <li>{@link #rewritten}: the new base replaces the old one and the incremental files it
 *       contains; these become history
 *   <li>history files are deleted, then {@link #withoutHistory}
 * </ol>
 *
 * @param base at most one
 * @param history files that a rewrite replaced; never replayed
 * @param incr with strictly increasing sequence numbers; gaps are allowed
 */
public record Manifest(
    Optional<ManifestFile> base, List<ManifestFile> history, List<ManifestFile> incr) {

  public Manifest {
    history = List.copyOf(history);
    incr = List.copyOf(incr);
    if (base.isPresent() && base.get().type() != Type.BASE) {
      throw new IllegalArgumentException("not a base file: " + base.get().name());
    }
    requireType(history, Type.HISTORY);
    requireType(incr, Type.INCR);
    for (int i = 1; i < incr.size(); i++) {
      if (incr.get(i).seq() <= incr.get(i - 1).seq()) {
        throw new IllegalArgumentException(
            "Found a non-monotonic sequence number: " + incr.get(i).name());
      }
    }
  }

  /**
   * The manifest of an AOF without files. It must not be written: stock servers refuse an empty
   * manifest.
   */
  public static Manifest empty() {
    return new Manifest(Optional.empty(), List.of(), List.of());
  }

  /**
   * The manifest that takes over a single-file AOF of Redis 6 and before, which becomes the base.
   */
  public static Manifest upgradeFrom(String singleFile) {
    return new Manifest(
        Optional.of(new ManifestFile(singleFile, 1, Type.BASE)), List.of(), List.of());
  }

  /**
   * Reads a manifest by the rules of stock servers.
   *
   * @param fileName for messages
   * @throws ManifestException naming the line, with the words that stock servers use for the fault
   */
  public static Manifest parse(byte[] bytes, String fileName) throws ManifestException {
    return new ManifestParser(bytes, fileName).parse();
  }

  /** The bytes of the file: base, history, incremental files, one line each. */
  public byte[] encode() {
    return ManifestEncoder.encode(this);
  }

  /** No files at all. */
  public boolean isEmpty() {
    return base.isEmpty() && history.isEmpty() && incr.isEmpty();
  }

  /** The files to load, in order: the base if there is one, then the incremental files. */
  public List<ManifestFile> replayed() {
    var files = new ArrayList<ManifestFile>();
    base.ifPresent(files::add);
    files.addAll(incr);
    return List.copyOf(files);
  }

  /** The file that is appended to. */
  public Optional<ManifestFile> lastIncr() {
    return incr.isEmpty() ? Optional.empty() : Optional.of(incr.getLast());
  }

  /**
   * Sequence number that the next incremental file gets; a file of that name that exists already is
   * left over from a crash.
   */
  public long nextIncrSeq(AofNames names) {
    return 1 + highestSeq(incr, names, part -> !part.base());
  }

  public String nextIncrName(AofNames names) {
    return names.incr(nextIncrSeq(names));
  }

  public long nextBaseSeq(AofNames names) {
    return 1 + highestSeq(base.stream().toList(), names, AofNames.Part::base);
  }

  public String nextBaseName(AofNames names, BaseFormat format) {
    return names.base(nextBaseSeq(names), format);
  }

  /** Adds {@link #nextIncrName} as the file that is appended to. */
  public Manifest withNextIncr(AofNames names) {
    return withNextIncr(names, OptionalLong.empty());
  }

  /** As {@link #withNextIncr(AofNames)}, with the replication offset at which the file starts. */
  public Manifest withNextIncr(AofNames names, OptionalLong startOffset) {
    long seq = nextIncrSeq(names);
    var files = new ArrayList<>(incr);
    files.add(
        new ManifestFile(names.incr(seq), seq, Type.INCR)
            .withOffsets(startOffset, OptionalLong.empty()));
    return new Manifest(base, history, files);
  }

  /** The same manifest with the last incremental file replaced, for example by one with offsets. */
  public Manifest withLastIncr(ManifestFile file) {
    var files = new ArrayList<>(incr);
    files.set(files.size() - 1, file);
    return new Manifest(base, history, files);
  }

  /**
   * The same manifest once the last incremental file is appended to again: without {@code
   * endoffset}, which Redis 8 writes when it closes the file and believes at its next start,
   * whatever was appended since.
   */
  public Manifest withoutEndOffset() {
    if (incr.isEmpty() || incr.getLast().endOffset().isEmpty()) {
      return this;
    }
    var last = incr.getLast();
    return withLastIncr(last.withOffsets(last.startOffset(), OptionalLong.empty()));
  }

  /**
   * A rewrite is done: {@link #nextBaseName} is the base. The old base and all incremental files
   * before {@code firstKeptIncr} become history.
   *
   * @param firstKeptIncr sequence number of the first incremental file whose content is not in the
   *     new base
   */
  public Manifest rewritten(AofNames names, BaseFormat format, long firstKeptIncr) {
    long seq = nextBaseSeq(names);
    var replaced = new ArrayList<>(history);
    base.ifPresent(file -> replaced.add(file.as(Type.HISTORY)));
    var kept = new ArrayList<ManifestFile>();
    for (var file : incr) {
      if (file.seq() < firstKeptIncr) {
        replaced.add(file.as(Type.HISTORY));
      } else {
        kept.add(file);
      }
    }
    var newBase = new ManifestFile(names.base(seq, format), seq, Type.BASE);
    return new Manifest(Optional.of(newBase), replaced, kept);
  }

  /** The history files are deleted. */
  public Manifest withoutHistory() {
    return new Manifest(base, List.of(), incr);
  }

  private long highestSeq(
      List<ManifestFile> files, AofNames names, Predicate<AofNames.Part> sameKind) {
    long highest = 0;
    for (var file : files) {
      highest = Math.max(highest, file.seq());
    }
    // A history file still exists under its old name, which must not be taken again.
    for (var file : history) {
      var part = names.parse(file.name()).filter(sameKind);
      highest = Math.max(highest, part.map(AofNames.Part::seq).orElse(0L));
    }
    return highest;
  }

  private static void requireType(List<ManifestFile> files, Type type) {
    for (var file : files) {
      if (file.type() != type) {
        throw new IllegalArgumentException(file.name() + " is not of type " + type);
      }
    }
  }
}
