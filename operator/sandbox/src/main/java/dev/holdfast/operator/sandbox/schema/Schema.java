package dev.holdfast.operator.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The shape of a value: what fields it may have, and how lists and maps merge.
 *
 * <p>One form for custom resources ({@link CrdSchema}) and for built-in kinds ({@link
 * BuiltinSchemas}); properties are made when they are first looked at, because built-in kinds are
 * recursive.
 */
public final class Schema {
  /** How a list is merged by server-side apply. */
  public enum ListKind {
    ATOMIC,
    SET,
    MAP
  }

  /** What a value may be. {@code ANY} is kept as it is. */
  public enum Type {
    OBJECT,
    ARRAY,
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    INT_OR_STRING,
    ANY
  }

  private final Type type;
  private final ObjectNode rules;
  private final Supplier<Map<String, Schema>> makeProperties;
  private Map<String, Schema> properties;
  private Schema additional;
  private Schema items;
  private ListKind listKind = ListKind.ATOMIC;
  private List<String> mapKeys = List.of();
  private boolean atomic;
  private boolean keepsUnknown;

  /**
   * A schema without details.
   *
   * @param rules the schema as the custom resource definition has it, for validation; empty for
   *     built-in kinds
   */
  Schema(Type type, ObjectNode rules, Supplier<Map<String, Schema>> properties) {
    this.type = type;
    this.rules = rules;
    this.makeProperties = properties;
  }

  /** What the value is. */
  public Type type() {
    return type;
  }

  /** The validation part: {@code minimum}, {@code pattern}, {@code required} and so on. */
  public ObjectNode rules() {
    return rules;
  }

  /** The named fields of an object; empty for maps and scalars. */
  public synchronized Map<String, Schema> properties() {
    if (properties == null) {
      properties = makeProperties.get();
    }
    return properties;
  }

  /** The schema of a field, of a map's value, or null when the field is unknown. */
  public Schema field(String name) {
    Schema known = properties().get(name);
    return known != null ? known : additional;
  }

  /** The schema of an array's items; null for others. */
  public Schema items() {
    return items;
  }

  /** The schema of a map's values; null for objects with named fields only. */
  public Schema additional() {
    return additional;
  }

  /** How an array merges. */
  public ListKind listKind() {
    return listKind;
  }

  /** The fields that identify an item of a {@link ListKind#MAP}. */
  public List<String> mapKeys() {
    return mapKeys;
  }

  /** Whether an object has one owner as a whole. */
  public boolean atomic() {
    return atomic;
  }

  /** Whether fields that the schema does not name are kept. */
  public boolean keepsUnknown() {
    return keepsUnknown;
  }

  /** Whether a value of this schema is owned as a whole. */
  public boolean isLeaf() {
    return switch (type) {
      case OBJECT -> atomic || (properties().isEmpty() && additional == null && !keepsUnknown);
      case ARRAY -> listKind == ListKind.ATOMIC;
      default -> true;
    };
  }

  /** The default of a field, or null. */
  public JsonNode defaultValue() {
    return rules.get("default");
  }

  Schema mapOf(Schema values) {
    additional = values;
    return this;
  }

  Schema listOf(Schema values) {
    items = values;
    return this;
  }

  Schema merging(ListKind kind, List<String> keys) {
    listKind = kind;
    mapKeys = keys;
    return this;
  }

  Schema asAtomic() {
    atomic = true;
    return this;
  }

  Schema keepingUnknown() {
    keepsUnknown = true;
    return this;
  }
}
