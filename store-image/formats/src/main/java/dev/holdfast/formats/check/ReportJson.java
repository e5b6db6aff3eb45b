package dev.holdfast.formats.check;

import dev.holdfast.formats.aof.BaseFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Between {@link Report} and its JSON form. */
final class ReportJson {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private ReportJson() {}

  static String write(Report report) {
    var object = new LinkedHashMap<String, Object>();
    object.put("id", report.id());
    object.put("time", TIME.format(report.time()));
    object.put("tool", report.tool());
    object.put("verdict", report.verdict().word());
    object.put("state", report.state().word());
    object.put("reason", report.reason().word());
    object.put("file", report.file().orElse(null));
    object.put("offset", report.offset().isPresent() ? report.offset().getAsLong() : null);
    object.put("bytesAtStake", report.bytesAtStake());
    object.put("promisedBytes", report.promisedBytes());
    object.put("commandsAtStake", report.commandsAtStake());
    object.put("keysAtStake", report.keysAtStake().map(ReportJson::keys).orElse(null));
    object.put("message", report.message());
    object.put("action", report.action());
    object.put("dropped", report.dropped().map(ReportJson::dropped).orElse(null));
    object.put("files", report.files().stream().map(ReportJson::file).toList());
    return JsonText.write(object);
  }

  private static Map<String, Object> keys(KeysAtStake keys) {
    var object = new LinkedHashMap<String, Object>();
    object.put("count", keys.count());
    object.put("atLeast", keys.atLeast());
    return object;
  }

  private static Map<String, Object> dropped(Dropped dropped) {
    var object = new LinkedHashMap<String, Object>();
    object.put("bytes", dropped.bytes());
    object.put("commands", dropped.commands());
    object.put("quarantine", dropped.quarantine());
    return object;
  }

  private static Map<String, Object> file(FileReport file) {
    var object = new LinkedHashMap<String, Object>();
    object.put("name", file.name());
    object.put("kind", file.kind().word());
    object.put("format", file.format().name());
    object.put("size", file.size());
    object.put("okUpTo", file.okUpTo());
    object.put("entries", file.entries());
    object.put("verdict", file.verdict().word());
    object.put("message", file.message());
    object.put("log", file.log().map(ReportJson::log).orElse(null));
    return object;
  }

  private static Map<String, Object> log(LogRange log) {
    var object = new LinkedHashMap<String, Object>();
    object.put("start", log.start());
    object.put("end", log.end());
    object.put("durable", log.durable());
    return object;
  }

  static Report read(String json) {
    var object = new JsonObject(JsonText.parseObject(json));
    return new Report(
        object.text("id"),
        Instant.parse(object.text("time")),
        object.text("tool"),
        Verdict.of(object.text("verdict")),
        State.of(object.text("state")),
        Reason.of(object.text("reason")),
        object.has("file") ? Optional.of(object.text("file")) : Optional.empty(),
        object.has("offset") ? OptionalLong.of(object.number("offset")) : OptionalLong.empty(),
        object.number("bytesAtStake"),
        object.has("promisedBytes")
            ? object.number("promisedBytes")
            : object.number("bytesAtStake"),
        object.number("commandsAtStake"),
        object.has("keysAtStake")
            ? Optional.of(readKeys(object.object("keysAtStake")))
            : Optional.empty(),
        object.text("message"),
        object.text("action"),
        object.has("dropped")
            ? Optional.of(readDropped(object.object("dropped")))
            : Optional.empty(),
        object.objects("files").stream().map(ReportJson::readFile).toList());
  }

  private static KeysAtStake readKeys(JsonObject object) {
    return new KeysAtStake(object.number("count"), object.truth("atLeast"));
  }

  private static Dropped readDropped(JsonObject object) {
    return new Dropped(
        object.number("bytes"), object.number("commands"), object.text("quarantine"));
  }

  private static FileReport readFile(JsonObject object) {
    return new FileReport(
        object.text("name"),
        FileKind.of(object.text("kind")),
        BaseFormat.valueOf(object.text("format")),
        object.number("size"),
        object.number("okUpTo"),
        object.number("entries"),
        Verdict.of(object.text("verdict")),
        object.text("message"),
        object.has("log") ? Optional.of(readLog(object.object("log"))) : Optional.empty());
  }

  private static LogRange readLog(JsonObject object) {
    return new LogRange(object.number("start"), object.number("end"), object.number("durable"));
  }

  /** Typed access to one parsed object, with the field's name in every complaint. */
  private record JsonObject(Map<String, Object> fields) {
    boolean has(String field) {
      return fields.get(field) != null;
    }

    String text(String field) {
      return as(field, String.class, "a text");
    }

    boolean truth(String field) {
      return as(field, Boolean.class, "true or false");
    }

    long number(String field) {
      return as(field, Long.class, "a whole number");
    }

    JsonObject object(String field) {
      return wrap(as(field, Map.class, "an object"));
    }

    List<JsonObject> objects(String field) {
      return ((List<?>) as(field, List.class, "a list")).stream().map(JsonObject::wrap).toList();
    }

    @SuppressWarnings("unchecked")
    private static JsonObject wrap(Object value) {
      if (value instanceof Map<?, ?> map) {
        return new JsonObject((Map<String, Object>) map);
      }
      throw new IllegalArgumentException("expected an object, found " + value);
    }

    private <T> T as(String field, Class<T> type, String expected) {
      var value = fields.get(field);
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException(
            "expected %s in field '%s' of the report, found %s".formatted(expected, field, value));
      }
      return type.cast(value);
    }
  }
}
