package dev.holdfast.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * Settings of the operator: {@code holdfast.*} as system properties, or {@code HOLDFAST_*} in the
 * environment.
 */
@ConfigMapping(prefix = "holdfast")
public interface OperatorSettings {

  /** Image of stores that leave the choice to the operator. */
  @WithDefault("holdfast/store:1.0")
  String storeImage();

  /** Which operator this is, in events and as holder of the lease: usually its pod's name. */
  @WithDefault("${HOSTNAME:holdfast-operator}")
  String instance();

  /** How stores are looked at. */
  Poll poll();

  /** How several operators agree on one. */
  LeaderElection leaderElection();

  /** How stores are looked at. */
  interface Poll {
    /** Pause between two looks at a store while something is under way. */
    @WithDefault("500ms")
    Duration busy();

    /** Pause between two looks at a store otherwise. */
    @WithDefault("5s")
    Duration idle();

    /** How long a server may take to answer. */
    @WithDefault("2s")
    Duration timeout();
  }

  /** How several operators agree on one. */
  interface LeaderElection {
    /** Whether they do; without it there must be only one. */
    @WithDefault("true")
    boolean enabled();

    /** Namespace of the lease. */
    @WithDefault("${POD_NAMESPACE:default}")
    String namespace();
  }
}
