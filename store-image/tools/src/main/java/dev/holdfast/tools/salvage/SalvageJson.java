package dev.holdfast.tools.salvage;

import dev.holdfast.formats.check.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a salvage took and left out as JSON, as {@code docs/tools.md} describes it. */
final class SalvageJson {
  private SalvageJson() {}

  static String write(Salvage.Result result, Losses losses) {
    var object = new LinkedHashMap<String, Object>();
    object.put("salvaged", result.written().isPresent());
    object.put("manifest", result.written().map(Object::toString).orElse(null));
    object.put("keys", result.keys());
    object.put("commands", result.commands());
    object.put("bytes", result.bytes());
    object.put("manifestProblem", result.problem().orElse(null));
    object.put("files", result.files().stream().map(SalvageJson::file).toList());
    object.put("skippedBytes", losses.skippedBytes());
    object.put("skippedRanges", losses.skippedRanges());
    object.put("skipped", losses.skipped().stream().map(SalvageJson::skipped).toList());
    object.put("unsafe", losses.doubtful().stream().map(SalvageJson::unsafe).toList());
    object.put("commandsWithoutDatabase", losses.withoutSelect());
    object.put("open", result.open());
    return JsonText.write(object);
  }

  private static Map<String, Object> file(Salvage.Taken taken) {
    var object = new LinkedHashMap<String, Object>();
    object.put("name", taken.name());
    object.put("type", taken.base() ? "base" : "incr");
    object.put("size", taken.size());
    object.put("goodBytes", taken.goodBytes());
    object.put("entries", taken.entries());
    return object;
  }

  private static Map<String, Object> skipped(Losses.Skipped skipped) {
    var object = new LinkedHashMap<String, Object>();
    object.put("file", skipped.file());
    object.put("from", skipped.from());
    object.put("to", skipped.to());
    object.put("reason", skipped.reason());
    return object;
  }

  private static Map<String, Object> unsafe(Losses.Doubtful doubtful) {
    var object = new LinkedHashMap<String, Object>();
    object.put("command", doubtful.name());
    object.put("count", doubtful.count());
    object.put("file", doubtful.file());
    object.put("offset", doubtful.offset());
    object.put("key", doubtful.key());
    return object;
  }
}
