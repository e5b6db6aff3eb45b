package dev.holdfast.operator.store;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/**
 * Lets through changes of a store that a person made: of spec, annotations or labels, and its
 * deletion. The operator's own writing of status is none.
 */
public final class MeaningfulChange implements OnUpdateFilter<PersistentStore> {

  @Override
  public boolean accept(PersistentStore now, PersistentStore before) {
    var a = now.getMetadata();
    var b = before.getMetadata();
    return !Objects.equals(a.getGeneration(), b.getGeneration())
        || !Objects.equals(a.getAnnotations(), b.getAnnotations())
        || !Objects.equals(a.getLabels(), b.getLabels())
        || !Objects.equals(a.getDeletionTimestamp(), b.getDeletionTimestamp())
        || !Objects.equals(a.getUid(), b.getUid());
  }
}
