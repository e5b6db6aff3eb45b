package dev.holdfast.operator.api.v1alpha1;

/**
 * Annotations of a store and of what the operator creates for it. Those under "by a person" are
 * operations that are not desired state.
 */
public final class StoreAnnotations {

  private static final String PREFIX = "store.holdfast.dev/";

  /** By a person, on the store: {@code "true"} takes the pod away and keeps the volume. */
  public static final String STOP = PREFIX + "stop";

  /** By a person, on the store: each new text starts one rewrite. */
  public static final String REWRITE_NOW = PREFIX + "rewrite-now";

  /**
   * By a person, on the store: the id of the verdict whose repair is approved, whatever it drops.
   */
  public static final String APPROVE_RECOVERY = PREFIX + "approve-recovery";

  /** On a claim: the identity of the data in it. */
  public static final String STORE_ID = PREFIX + "store-id";

  /** On a claim: the name of the store that it belongs to. */
  public static final String STORE = PREFIX + "store";

  /**
   * On a claim: {@code "true"} when the store in it has served commands, so that an empty volume is
   * a loss.
   */
  public static final String HAS_DATA = PREFIX + "has-data";

  /**
   * On a pod: the id of the verdict that was approved; the container sees it as {@code
   * HOLDFAST_GRANT}.
   */
  public static final String GRANT = PREFIX + "grant";

  /** On a pod: hash of what cannot change while the server runs. */
  public static final String RESTART_HASH = PREFIX + "restart-hash";

  /** On a pod: asks the kubelet to bring the configuration file with this SHA-256 at once. */
  public static final String CONFIG_SHA256 = PREFIX + "config-sha256";

  private StoreAnnotations() {}
}
