package dev.holdfast.operator.store.decide;

import dev.holdfast.operator.store.observe.PollTarget;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What is to be done about a store, and what was understood on the way.
 *
 * @param steps what to do, in order; empty when the world is as it should be
 * @param problems what stands in the way
 * @param storeId the identity of the data; empty while it is not known
 * @param image the image that should run
 * @param memory the limit of the data
 * @param config what became of the settings
 * @param poll where to look at the server, when there is a pod to look at
 * @param underWay whether something is in progress, so that it is worth looking often
 * @param notices events that are no step's
 * @param handledRewriteRequest the text of the last rewrite request that was acted on
 */
public record Plan(
    List<Step> steps,
    List<Problem> problems,
    Optional<String> storeId,
    String image,
    Memory memory,
    Config config,
    Optional<PollTarget> poll,
    boolean underWay,
    List<Notice> notices,
    Optional<String> handledRewriteRequest) {

  public Plan {
    steps = List.copyOf(steps);
    problems = List.copyOf(problems);
    notices = List.copyOf(notices);
  }

  /** The limit of the data and where it comes from. */
  public record Memory(
      long maxmemory,
      dev.holdfast.operator.api.v1alpha1.PersistentStoreStatus.MemoryStatus.Source source) {}

  /**
   * The settings.
   *
   * @param live whether the server has all of them
   * @param inFile whether the file in the pod has all of them
   * @param refused those that the server refuses, with its words
   * @param restart whether the pod has to be replaced for some of them
   */
  public record Config(
      boolean live, boolean inFile, SortedMap<String, String> refused, boolean restart) {}
}
