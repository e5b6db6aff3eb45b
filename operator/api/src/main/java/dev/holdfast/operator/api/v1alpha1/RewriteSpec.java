package dev.holdfast.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** When the append-only file is rewritten, beyond {@code persistence.autoAofRewritePercentage}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RewriteSpec(
    @JsonPropertyDescription(
            "The safety net: rewrites that the server starts by itself, so that an operator that is away never means a full disk.")
        @Default("{}")
        Emergency emergency) {

  /** The server's own automatic rewrite. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Emergency(
      @JsonPropertyDescription(
              "Growth since the last rewrite, in percent, at which the server starts one by itself (its"
                  + " auto-aof-rewrite-percentage). Not below persistence.autoAofRewritePercentage.")
          @Default("400")
          @Min(50)
          @Max(10000)
          Integer growthPercent) {}
}
