package dev.holdfast.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What happens when the data is found damaged before a start. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecoverySpec(
    @JsonPropertyDescription(
            "Automatic: repair within maxDataLoss by every means there is. TruncateTail: only cut a damaged tail, within"
                + " maxDataLoss. Manual: never change data without the annotation store.holdfast.dev/approve-recovery.")
        @Default("Automatic")
        Policy policy,
    @JsonPropertyDescription(
            "What a repair may drop on its own, a string such as 4Ki, at most 1Gi. What it drops goes to the quarantine folder of"
                + " the volume first.")
        @Default("4Ki")
        @ValidationRule(value = ByteSize.RULE_OR_ZERO, message = ByteSize.REFUSAL)
        @Size(max = 15)
        @ValidationRule(
            value = "!isQuantity(self) || quantity(self).compareTo(quantity('1Gi')) <= 0",
            message =
                "recovery.maxDataLoss is a budget for repairs that nobody looks at: write at most 1Gi")
        String maxDataLoss) {

  /** Who decides about a repair. */
  public enum Policy {
    Automatic,
    TruncateTail,
    Manual
  }
}
