package dev.holdfast.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** Where a store's pod runs, and what is written on it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodSettings(
    @JsonPropertyDescription("Further labels of the pod. Additions reach a running pod at once.")
        @Size(max = 64)
        @ValidationRule(
            value =
                "self.all(k, !k.startsWith('app.kubernetes.io/') && !k.startsWith('store.holdfast.dev/'))",
            message =
                "labels below app.kubernetes.io/ and store.holdfast.dev/ belong to the operator: write a key of your own")
        Map<String, String> labels,
    @JsonPropertyDescription(
            "Further annotations of the pod. Additions reach a running pod at once.")
        @Size(max = 64)
        @ValidationRule(
            value = "self.all(k, !k.startsWith('store.holdfast.dev/'))",
            message =
                "annotations below store.holdfast.dev/ belong to the operator: write a key of your own")
        Map<String, String> annotations,
    @JsonPropertyDescription("Labels that a node must have. A change replaces the pod.")
        Map<String, String> nodeSelector,
    @JsonPropertyDescription("Taints that the pod bears. A change replaces the pod.")
        List<Toleration> tolerations,
    @JsonPropertyDescription("Rules about nodes and other pods. A change replaces the pod.")
        Affinity affinity) {}
