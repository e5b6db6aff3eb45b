package dev.holdfast.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * The volume of a store. It only grows, and it is kept when the store is deleted unless {@code
 * reclaimPolicy} says otherwise.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!isQuantity(self.size) || quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0",
    message =
        "storage.size only grows: write the old size or a larger one; to shrink, create a new store and copy the data")
@ValidationRule(
    value = "!isQuantity(self.size) || quantity(self.size).compareTo(quantity('16Mi')) >= 0",
    message = "storage.size is too small to hold a file system: write at least 16Mi")
@ValidationRule(
    value =
        "has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) ||"
            + " self.storageClassName == oldSelf.storageClassName)",
    message =
        "storage.storageClassName cannot change: write the old value; to move, create a new store and copy the data")
@ValidationRule(
    value =
        "has(self.accessMode) == has(oldSelf.accessMode) && (!has(self.accessMode) || self.accessMode == oldSelf.accessMode)",
    message =
        "storage.accessMode cannot change: write the old value; a claim's access mode is fixed when it is created")
public record StorageSpec(
    @JsonPropertyDescription(
            "Size of the volume, a string such as 10Gi. A larger value grows the claim; a smaller one is refused.")
        @Required
        @ValidationRule(value = ByteSize.RULE, message = ByteSize.REFUSAL)
        @Size(max = 15)
        String size,
    @JsonPropertyDescription(
            "Storage class of the claim; the cluster's default when it is left out. Cannot change.")
        @Size(min = 1, max = 253)
        String storageClassName,
    @JsonPropertyDescription(
            "Access mode of the claim. ReadWriteOncePod lets the cluster itself keep a second pod away from the volume; write"
                + " ReadWriteOnce only where the driver is no CSI driver and so does not have it. Cannot change.")
        @Default("ReadWriteOncePod")
        AccessMode accessMode,
    @JsonPropertyDescription(
            "What becomes of the claim when the store is deleted: Retain keeps it, and a store created again under the same name"
                + " adopts it; Delete removes it with the store.")
        @Default("Retain")
        ReclaimPolicy reclaimPolicy) {

  /** How a claim may be mounted. */
  public enum AccessMode {
    ReadWriteOncePod,
    ReadWriteOnce
  }

  /** What becomes of the claim when the store is deleted. */
  public enum ReclaimPolicy {
    Retain,
    Delete
  }
}
