package dev.holdfast.tools.salvage;

import dev.holdfast.formats.aof.AofNames;
import dev.holdfast.formats.aof.BaseFormat;
import dev.holdfast.formats.aof.Manifest;
import dev.holdfast.formats.aof.ManifestException;
import dev.holdfast.formats.aof.ManifestFile;
import dev.holdfast.formats.aof.Preamble;
import dev.holdfast.formats.offheap.ByteSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The AOF that is read: its files in the order of loading.
 *
 * @param files under the names and numbers that they get in the new AOF
 * @param problem why they are not those of a manifest; empty when they are
 */
record Source(AofNames names, String appendDirName, List<Part> files, Optional<String> problem) {

  private static final String MANIFEST = ".manifest";

  /** One file: where it is, and what it is called in the new AOF. */
  record Part(Path path, ManifestFile file) {}

  /**
   * @param target a manifest, there or gone, or a single file
   */
  static Source of(Path target, boolean manifest) throws IOException {
    var path = target.toAbsolutePath();
    var name = path.getFileName().toString();
    if (!manifest && !name.endsWith(MANIFEST)) {
      return single(path, new AofNames(name));
    }
    var names =
        new AofNames(
            name.endsWith(MANIFEST) ? name.substring(0, name.length() - MANIFEST.length()) : name);
    var folder = path.getParent();
    var appendDirName =
        folder.getFileName() == null ? "appendonlydir" : folder.getFileName().toString();
    if (!Files.exists(path)) {
      return new Source(
          names, appendDirName, byName(folder, names), Optional.of(name + " does not exist"));
    }
    try {
      var files = new ArrayList<Part>();
      for (var file : Manifest.parse(Files.readAllBytes(path), name).replayed()) {
        files.add(new Part(folder.resolve(file.name()), file));
      }
      return new Source(names, appendDirName, files, Optional.empty());
    } catch (ManifestException e) {
      return new Source(names, appendDirName, byName(folder, names), Optional.of(e.getMessage()));
    }
  }

  private static Source single(Path path, AofNames names) throws IOException {
    var format = BaseFormat.AOF;
    try (var channel = FileChannel.open(path);
        var source = new ByteSource(channel, 0, 64)) {
      format = Preamble.detect(source);
    }
    var base = new ManifestFile(names.base(1, format), 1, ManifestFile.Type.BASE);
    return new Source(names, "appendonlydir", List.of(new Part(path, base)), Optional.empty());
  }

  /** The newest base and all incremental files, by their names. */
  private static List<Part> byName(Path folder, AofNames names) throws IOException {
    var bases = new ArrayList<Part>();
    var incr = new ArrayList<Part>();
    try (var paths = Files.list(folder)) {
      for (Path path : paths.sorted().toList()) {
        var name = path.getFileName().toString();
        var part = names.parse(name);
        if (part.isPresent() && part.get().seq() > 0) {
          boolean base = part.get().base();
          var type = base ? ManifestFile.Type.BASE : ManifestFile.Type.INCR;
          (base ? bases : incr).add(new Part(path, new ManifestFile(name, part.get().seq(), type)));
        }
      }
    }
    var bySeq = Comparator.comparingLong((Part part) -> part.file().seq());
    var files = new ArrayList<Part>();
    bases.stream().max(bySeq).ifPresent(files::add);
    incr.stream().sorted(bySeq).forEach(files::add);
    return files;
  }
}
