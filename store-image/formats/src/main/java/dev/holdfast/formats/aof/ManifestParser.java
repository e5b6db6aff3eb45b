package dev.holdfast.formats.aof;

import dev.holdfast.formats.aof.ManifestFile.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a manifest line by line, with the faults and the words of stock servers. */
final class ManifestParser {
  /** Longest line without its newline. */
  static final int MAX_LINE = 1023;

  private static final String BAD_FORMAT = "Invalid AOF manifest file format";

  private final byte[] bytes;
  private final String fileName;
  private final List<ManifestFile> history = new ArrayList<>();
  private final List<ManifestFile> incr = new ArrayList<>();
  private Optional<ManifestFile> base = Optional.empty();
  private int line;
  private String text = "";

  ManifestParser(byte[] bytes, String fileName) {
    this.bytes = bytes;
    this.fileName = fileName;
  }

  Manifest parse() throws ManifestException {
    if (bytes.length == 0) {
      throw fault("Found an empty AOF manifest", "at least one line");
    }
    int at = 0;
    while (at < bytes.length) {
      line++;
      int end = at;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      text = new String(bytes, at, Math.min(end - at, 128), StandardCharsets.UTF_8);
      if (end - at > MAX_LINE) {
        throw fault(
            "The AOF manifest file contains too long line", "at most " + MAX_LINE + " bytes");
      }
      if (bytes[at] != '#') {
        if (end == bytes.length) {
          throw fault(
              "The AOF manifest file contains too long line", "a newline after the last record");
        }
        parseLine(at, end);
      }
      at = end + 1;
    }
    return new Manifest(base, history, incr);
  }

  private void parseLine(int from, int to) throws ManifestException {
    var tokens = new ManifestTokens(bytes, from, to).split();
    if (tokens.isEmpty()) {
      throw fault(BAD_FORMAT, "closed quotes, with a blank after them");
    }
    var words = tokens.get();
    if (words.size() < 6 || words.size() % 2 != 0) {
      throw fault(BAD_FORMAT, "pairs of key and value, at least file, seq and type");
    }
    add(file(words));
  }

  private ManifestFile file(List<String> words) throws ManifestException {
    String name = null;
    long seq = 0;
    String type = null;
    var start = OptionalLong.empty();
    var end = OptionalLong.empty();
    Map<String, String> unknown = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i += 2) {
      var value = words.get(i + 1);
      switch (words.get(i).toLowerCase(Locale.ROOT)) {
        case "file" -> name = value;
        case "seq" -> seq = number(value, "a sequence number from 1 on");
        case "type" -> type = value;
        case "startoffset" -> start = OptionalLong.of(number(value, "a replication offset"));
        case "endoffset" -> end = OptionalLong.of(number(value, "a replication offset"));
        default -> unknown.put(words.get(i), value);
      }
    }
    if (name == null || type == null || name.isEmpty() || type.isEmpty()) {
      throw fault(BAD_FORMAT, "file, seq and type");
    }
    if (seq == 0) {
      throw fault(BAD_FORMAT, "a sequence number from 1 on");
    }
    if (!ManifestFile.isPlainName(name)) {
      throw fault("File can't be a path, just a filename", "a file name without a folder");
    }
    return new ManifestFile(name, seq, type(type), start, end, unknown);
  }

  private void add(ManifestFile file) throws ManifestException {
    switch (file.type()) {
      case BASE -> {
        if (base.isPresent()) {
          throw fault("Found duplicate base file information", "one base file");
        }
        base = Optional.of(file);
      }
      case HISTORY -> history.add(file);
      case INCR -> {
        if (!incr.isEmpty() && file.seq() <= incr.getLast().seq()) {
          throw fault(
              "Found a non-monotonic sequence number",
              "a sequence number above " + incr.getLast().seq());
        }
        incr.add(file);
      }
    }
  }

  private Type type(String word) throws ManifestException {
    for (var type : Type.values()) {
      if (word.charAt(0) == type.letter()) {
        return type;
      }
    }
    throw fault("Unknown AOF file type", "type b, h or i");
  }

  private long number(String digits, String expected) throws ManifestException {
    if (!digits.matches("[0-9]{1,18}")) {
      throw fault(BAD_FORMAT, expected);
    }
    return Long.parseLong(digits);
  }

  private ManifestException fault(String reason, String expected) {
    return new ManifestException(fileName, line, reason, expected, text);
  }
}
