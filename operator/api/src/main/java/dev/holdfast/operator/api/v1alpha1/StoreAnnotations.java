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

  /** On a pod: {@code "true"} when an empty volume is a loss; {@code HOLDFAST_EXPECT_DATA}. */
  public static final String EXPECT_DATA = PREFIX + "expect-data";

  /** On a pod: {@code spec.recovery.policy}; {@code HOLDFAST_RECOVERY_POLICY}. */
  public static final String RECOVERY_POLICY = PREFIX + "recovery-policy";

  /** On a pod: {@code spec.recovery.maxDataLoss} in bytes; {@code HOLDFAST_MAX_DATA_LOSS}. */
  public static final String MAX_DATA_LOSS = PREFIX + "max-data-loss";

  /** On a pod: when the kubelet was last asked, RFC 3339. */
  public static final String CONFIG_ASKED = PREFIX + "config-asked";

  /**
   * On a set: the id of the verdict that was approved last and the UID of the pod that was parked
   * with it, so that one approval grants once.
   */
  public static final String APPROVAL_USED = PREFIX + "approval-used";

  /** On every object of the operator: hash of what it was applied from. */
  public static final String APPLIED = PREFIX + "applied";

  /** On a pod: hash of what cannot change while the server runs. */
  public static final String RESTART_HASH = PREFIX + "restart-hash";

  /** On a pod: asks the kubelet to bring the configuration file with this SHA-256 at once. */
  public static final String CONFIG_SHA256 = PREFIX + "config-sha256";

  private StoreAnnotations() {}
}
