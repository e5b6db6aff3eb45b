/**
 * The custom resources of Holdfast, group {@code holdfast.dev}, version {@code v1alpha1}. The YAML
 * in {@code crds/} is made from these types; the descriptions here are what {@code kubectl explain}
 * shows.
 */
package dev.holdfast.operator.api.v1alpha1;
