package dev.holdfast.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How durable a store is. Every field is the redis.conf directive of that name and changes live.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PersistenceSpec(
    @JsonPropertyDescription(
            "Whether changes are logged to the append-only file. Without it a restart loses all data.")
        @Default("true")
        Boolean appendonly,
    @JsonPropertyDescription(
            "When the log is forced to the disk. always: before a write is acknowledged. everysec: once a second, so that a power"
                + " failure loses up to 1 s of writes. never: when the operating system decides, the server's no (which YAML reads"
                + " as false).")
        @Default("everysec")
        AppendFsync appendfsync,
    @JsonPropertyDescription(
            "Growth since the last rewrite, in percent, at which the operator has the file rewritten; 0 means never. The server's"
                + " own automatic rewrite is the safety net, see rewrite.emergency.")
        @Default("100")
        @Min(0)
        @Max(10000)
        Integer autoAofRewritePercentage,
    @JsonPropertyDescription("Size below which the file is never rewritten automatically.")
        @Default("64Mi")
        @ValidationRule(value = ByteSize.RULE, message = ByteSize.REFUSAL)
        @Size(max = 15)
        String autoAofRewriteMinSize,
    @JsonPropertyDescription(
            "Whether a rewritten file starts with a snapshot in RDB format, which loads faster than commands do.")
        @Default("true")
        Boolean aofUseRdbPreamble,
    @JsonPropertyDescription(
            "Whether time stamps are written into the log, for recovery to a point in time. Redis versions before 7 cannot read"
                + " such a file.")
        @Default("true")
        Boolean aofTimestampEnabled,
    @JsonPropertyDescription(
            "Whether syncing stops while a rewrite runs. That makes a rewrite cheaper, and a crash meanwhile loses everything"
                + " since it began, under always too.")
        @Default("false")
        Boolean noAppendfsyncOnRewrite) {

  /** When the log is forced to the disk. */
  public enum AppendFsync {
    @JsonProperty("always")
    ALWAYS("always"),
    @JsonProperty("everysec")
    EVERYSEC("everysec"),
    @JsonProperty("never")
    NEVER("no");

    private final String directive;

    AppendFsync(String directive) {
      this.directive = directive;
    }

    /**
     * The value in redis.conf and in {@code CONFIG SET}: {@code always}, {@code everysec} or {@code
     * no}.
     */
    public String directive() {
      return directive;
    }
  }
}
