package dev.holdfast.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import java.util.List;
import java.util.Map;

/**
 * What a person asks of a store. Absent parts are filled with the schema's defaults by the API
 * server.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.rewrite.emergency.growthPercent >= self.persistence.autoAofRewritePercentage",
    message =
        "rewrite.emergency.growthPercent is the safety net behind persistence.autoAofRewritePercentage: write a value that is not"
            + " smaller")
public record PersistentStoreSpec(
    @JsonPropertyDescription("Number of servers. Only 1 is accepted until replication exists.")
        @Default("1")
        @ValidationRule(
            value = "self == 1",
            message =
                "only one server per store is possible until replication exists: write replicas: 1, or leave it out")
        Integer replicas,
    @JsonPropertyDescription(
            "Image of the store's container, with a fixed tag or digest. When it is left out the operator chooses one at the first"
                + " start, writes it to status.image and keeps it, so that upgrading the operator restarts no store.")
        @Size(min = 1, max = 512)
        @ValidationRule(
            value = "!self.endsWith(':latest') && self.matches('.+(:[^/]+|@sha256:[0-9a-f]{64})$')",
            message =
                "image must be pinned, so that a restart never changes the server: write a tag other than latest, or a digest")
        String image,
    @JsonPropertyDescription("Secrets that the image is pulled with, in the store's namespace.")
        @Size(max = 16)
        List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription("The volume that holds the data.") @Required StorageSpec storage,
    @JsonPropertyDescription(
            "CPU and memory of the store's container. From limits.memory the operator derives maxmemory, unless config sets it.")
        ResourcesSpec resources,
    @JsonPropertyDescription(
            "How durable the store is; names as in redis.conf. Changes take effect live, without a restart, and survive one.")
        @Default("{}")
        PersistenceSpec persistence,
    @JsonPropertyDescription("When the append-only file is rewritten.") @Default("{}")
        RewriteSpec rewrite,
    @JsonPropertyDescription("What happens when the data is found damaged before a start.")
        @Default("{}")
        RecoverySpec recovery,
    @JsonPropertyDescription("Where the pod runs, and what is written on it.") PodSettings pod,
    @JsonPropertyDescription(
            "Further directives of redis.conf, one value each, as strings (quote numbers). What has a field of its own, and what"
                + " belongs to the operator, is refused. A directive that can change live does; any other replaces the pod.")
        @Size(max = 128)
        Map<String, String> config) {}
