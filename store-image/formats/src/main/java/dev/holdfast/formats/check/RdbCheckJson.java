package dev.holdfast.formats.check;

import java.util.LinkedHashMap;
import java.util.Locale;

/** The JSON form of an {@link RdbCheck}, as {@code docs/tools.md} describes it. */
final class RdbCheckJson {
  private RdbCheckJson() {}

  static String write(RdbCheck check) {
    var object = new LinkedHashMap<String, Object>();
    object.put("file", check.path().toString());
    object.put("size", check.size());
    object.put("good", check.isGood());
    object.put("version", (long) check.version());
    object.put(
        "checksum",
        check.checksum().map(found -> found.name().toLowerCase(Locale.ROOT)).orElse(null));
    object.put("keys", check.keys());
    object.put("expires", check.expires());
    object.put("expired", check.expired());
    object.put("functions", check.functions());
    var databases = new LinkedHashMap<String, Object>();
    check.keysByDatabase().forEach((database, keys) -> databases.put(database.toString(), keys));
    object.put("keysByDatabase", databases);
    object.put("keysByType", check.keysByType());
    object.put("aux", check.aux());
    object.put(
        "errorOffset", check.errorOffset().isPresent() ? check.errorOffset().getAsLong() : null);
    object.put("message", check.message());
    return JsonText.write(object);
  }
}
