package dev.holdfast.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One level of a resource's state, in the form of Kubernetes' {@code metav1.Condition}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription("What it is about, such as Ready.") @Required @Size(max = 64)
        String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required Status status,
    @JsonPropertyDescription("The generation of spec that this was seen for.")
        Long observedGeneration,
    @JsonPropertyDescription("When status last changed, RFC 3339.") @Required
        String lastTransitionTime,
    @JsonPropertyDescription("A fixed word for programs.")
        @Required
        @Pattern("^[A-Za-z][A-Za-z0-9]*$")
        @Size(max = 128)
        String reason,
    @JsonPropertyDescription("A sentence for people.") @Required @Size(max = 2048) String message) {

  /** Whether the condition holds. */
  public enum Status {
    @JsonProperty("True")
    TRUE,
    @JsonProperty("False")
    FALSE,
    @JsonProperty("Unknown")
    UNKNOWN
  }
}
