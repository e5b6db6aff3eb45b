package dev.holdfast.operator.store;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.store.observe.ServerFacts;
import dev.holdfast.operator.store.observe.StorePolls;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Wakes the reconciler when a look at a server found something new, and says when a store is gone.
 */
final class StorePollSource extends AbstractEventSource<ServerFacts, PersistentStore>
    implements ResourceEventAware<PersistentStore> {

  private final StorePolls polls;
  private final Consumer<PersistentStore> gone;

  StorePollSource(StorePolls polls, Consumer<PersistentStore> gone) {
    super(ServerFacts.class, "server-polls");
    this.polls = polls;
    this.gone = gone;
  }

  @Override
  public void onResourceDeleted(PersistentStore store) {
    gone.accept(store);
  }

  @Override
  public void start() {
    super.start();
    polls.onChange(store -> getEventHandler().handleEvent(new Event(store)));
  }

  @Override
  public void stop() {
    super.stop();
    polls.close();
  }

  @Override
  public Set<ServerFacts> getSecondaryResources(PersistentStore store) {
    return Set.of();
  }
}
