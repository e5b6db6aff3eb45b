package dev.holdfast.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/** CPU and memory of the store's container. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.limits) || !has(self.limits.memory) || !has(self.requests) || !has(self.requests.memory) ||"
            + " !isQuantity(self.requests.memory) || !isQuantity(self.limits.memory) ||"
            + " quantity(self.requests.memory).compareTo(quantity(self.limits.memory)) <= 0",
    message =
        "resources.requests.memory is above resources.limits.memory: write a request that is not larger than the limit")
@ValidationRule(
    value =
        "!has(self.limits) || !has(self.limits.memory) || !isQuantity(self.limits.memory) ||"
            + " quantity(self.limits.memory).compareTo(quantity('192Mi')) >= 0",
    message =
        "resources.limits.memory is too small: the server itself needs 128Mi and a rewrite 32Mi, so write at least 192Mi")
public record ResourcesSpec(
    @JsonPropertyDescription("What the scheduler sets aside for the store.") Amounts requests,
    @JsonPropertyDescription("What the store may use at most.") Amounts limits) {

  /** Accepted for CPU when it is written as a string. */
  public static final String CPU_PATTERN = "^([0-9]{1,6}m|[0-9]{1,5}(\\.[0-9]{1,3})?)$";

  /** An amount of each resource; what is left out is not set. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Amounts(
      @JsonPropertyDescription("CPU, such as 500m or 2.") Quantity cpu,
      @JsonPropertyDescription("Memory, a string such as 2Gi.")
          @ValidationRule(value = ByteSize.RULE, message = ByteSize.REFUSAL)
          @Size(max = 15)
          String memory) {}
}
