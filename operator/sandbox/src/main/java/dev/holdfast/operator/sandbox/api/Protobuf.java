package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * Reads the few kinds that {@code kubectl create} and {@code kubectl auth can-i} send as protobuf,
 * whatever a server says it accepts. Source: the envelope and field numbers of the Kubernetes API's
 * {@code generated.proto} files.
 */
final class Protobuf {
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private sealed interface Form {}

  private enum Scalar implements Form {
    TEXT,
    BYTES,
    FLAG,
    NUMBER
  }

  private record Listed(Form item) implements Form {}

  private record Mapped(Scalar value) implements Form {}

  private record Message(Map<Integer, Field> fields) implements Form {}

  private record Field(String name, Form form) {}

  private static final Message METADATA =
      new Message(
          Map.of(
              1, new Field("name", Scalar.TEXT),
              2, new Field("generateName", Scalar.TEXT),
              3, new Field("namespace", Scalar.TEXT),
              11, new Field("labels", new Mapped(Scalar.TEXT)),
              12, new Field("annotations", new Mapped(Scalar.TEXT)),
              14, new Field("finalizers", new Listed(Scalar.TEXT))));
  private static final Field META = new Field("metadata", METADATA);

  private static final Map<String, Message> KINDS =
      Map.of(
          "Namespace",
          new Message(Map.of(1, META)),
          "ServiceAccount",
          new Message(Map.of(1, META)),
          "ConfigMap",
          new Message(
              Map.of(
                  1, META,
                  2, new Field("data", new Mapped(Scalar.TEXT)),
                  3, new Field("binaryData", new Mapped(Scalar.BYTES)),
                  4, new Field("immutable", Scalar.FLAG))),
          "Secret",
          new Message(
              Map.of(
                  1, META,
                  2, new Field("data", new Mapped(Scalar.BYTES)),
                  3, new Field("type", Scalar.TEXT),
                  4, new Field("stringData", new Mapped(Scalar.TEXT)),
                  5, new Field("immutable", Scalar.FLAG))),
          "SelfSubjectAccessReview",
          new Message(Map.of(1, META)),
          "SelfSubjectRulesReview",
          new Message(Map.of(1, META)),
          "DeleteOptions",
          new Message(
              Map.of(
                  1, new Field("gracePeriodSeconds", Scalar.NUMBER),
                  4, new Field("propagationPolicy", Scalar.TEXT),
                  5, new Field("dryRun", new Listed(Scalar.TEXT)))));

  private final byte[] bytes;
  private final int end;
  private int at;

  private Protobuf(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** The object in a body. */
  static ObjectNode read(byte[] body) {
    if (body.length < MAGIC.length || !Arrays.equals(body, 0, 4, MAGIC, 0, 4)) {
      throw ApiError.badRequest("the body is no Kubernetes protobuf");
    }
    try {
      var envelope = new Protobuf(body, MAGIC.length, body.length);
      String apiVersion = "";
      String kind = "";
      ObjectNode object = null;
      while (envelope.at < envelope.end) {
        int tag = envelope.varint();
        Protobuf part = envelope.part();
        if (tag >>> 3 == 1) {
          while (part.at < part.end) {
            boolean version = part.varint() >>> 3 == 1;
            String text = part.part().text();
            apiVersion = version ? text : apiVersion;
            kind = version ? kind : text;
          }
        } else if (tag >>> 3 == 2) {
          Message message = KINDS.get(kind);
          if (message == null) {
            throw ApiError.unsupportedMedia("the sandbox reads " + kind + " as JSON or YAML only");
          }
          object = part.message(message);
        }
      }
      if (object == null) {
        throw ApiError.badRequest("the body has no object");
      }
      return object.put("apiVersion", apiVersion).put("kind", kind);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw ApiError.badRequest("the body is cut short");
    }
  }

  private ObjectNode message(Message form) {
    ObjectNode object = Json.object();
    while (at < end) {
      int tag = varint();
      Field field = form.fields().get(tag >>> 3);
      if (field == null) {
        skip(tag & 7);
      } else {
        set(object, field);
      }
    }
    return object;
  }

  private void set(ObjectNode object, Field field) {
    switch (field.form()) {
      case Scalar scalar when scalar == Scalar.FLAG -> object.put(field.name(), varint() != 0);
      case Scalar scalar when scalar == Scalar.NUMBER -> object.put(field.name(), varint());
      case Scalar scalar -> {
        String text = part().value(scalar);
        if (!text.isEmpty()) {
          object.put(field.name(), text);
        }
      }
      case Listed list -> object.withArray(field.name()).add(part().text());
      case Mapped map -> {
        Protobuf entry = part();
        String key = "";
        String value = "";
        while (entry.at < entry.end) {
          boolean isKey = entry.varint() >>> 3 == 1;
          Protobuf part = entry.part();
          key = isKey ? part.text() : key;
          value = isKey ? value : part.value(map.value());
        }
        Json.ensure(object, field.name()).put(key, value);
      }
      case Message message -> object.set(field.name(), part().message(message));
    }
  }

  private String value(Scalar scalar) {
    return scalar == Scalar.BYTES
        ? Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, at, end))
        : text();
  }

  private String text() {
    return new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }

  /** The length-delimited value that begins here. */
  private Protobuf part() {
    int length = varint();
    if (length < 0 || length > end - at) {
      throw new ArrayIndexOutOfBoundsException(length);
    }
    var part = new Protobuf(bytes, at, at + length);
    at += length;
    return part;
  }

  private void skip(int wireType) {
    switch (wireType) {
      case 0 -> varint();
      case 1 -> at += 8;
      case 2 -> part();
      case 5 -> at += 4;
      default -> throw new ArrayIndexOutOfBoundsException(wireType);
    }
  }

  private int varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
    }
    return (int) value;
  }
}
