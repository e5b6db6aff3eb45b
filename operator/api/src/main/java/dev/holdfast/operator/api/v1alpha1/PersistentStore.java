package dev.holdfast.operator.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A Redis-protocol store that must not lose data: how durable it has to be, and how much room it
 * gets. The operator never writes {@code spec}; operations that are not desired state are
 * annotations, see {@link StoreAnnotations}.
 */
@Group("holdfast.dev")
@Version("v1alpha1")
@Kind("PersistentStore")
@Plural("persistentstores")
@Singular("persistentstore")
@ShortNames("pstore")
@ValidationRule(
    value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name becomes a Service name: write lower case letters, digits and '-', starting with a letter, without dots")
@ValidationRule(
    value = "size(self.metadata.name) <= 40",
    message =
        "metadata.name must have at most 40 characters: names of pods and claims are made from it")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Fsync",
    jsonPath = ".status.durability.appendfsync",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "AOF-Size",
    jsonPath = ".status.aof.size",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Verdict",
    jsonPath = ".status.lastCheck.verdict",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Last-Rewrite",
    jsonPath = ".status.aof.lastRewrite.time",
    type = AdditionalPrinterColumn.Type.DATE,
    priority = 1)
public class PersistentStore extends CustomResource<PersistentStoreSpec, PersistentStoreStatus>
    implements Namespaced {

  @Override
  @Required
  public PersistentStoreSpec getSpec() {
    return super.getSpec();
  }

  @Override
  protected PersistentStoreSpec initSpec() {
    return null;
  }

  @Override
  protected PersistentStoreStatus initStatus() {
    return null;
  }
}
