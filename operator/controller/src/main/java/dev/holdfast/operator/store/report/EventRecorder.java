package dev.holdfast.operator.store.report;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.store.decide.Notice;
import dev.holdfast.operator.store.observe.Names;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way in which events get out. An event that cannot be written is logged and forgotten: it
 * must not hold up a store.
 */
public final class EventRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final int LONGEST_MESSAGE = 1000;

  private final KubernetesClient client;
  private final String instance;
  private final Clock clock;
  private final Executor executor;

  /**
   * @param instance which operator it is, usually its pod's name
   * @param executor where events are written, one after the other
   */
  public EventRecorder(KubernetesClient client, String instance, Clock clock, Executor executor) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
    this.executor = executor;
  }

  /** Tells people about a store. */
  public void tell(PersistentStore store, Notice notice) {
    LOG.info(
        "{}/{}: {}: {}",
        store.getMetadata().getNamespace(),
        store.getMetadata().getName(),
        notice.reason(),
        notice.message());
    executor.execute(() -> write(store, notice));
  }

  private void write(PersistentStore store, Notice notice) {
    var metadata = store.getMetadata();
    var now = clock.instant();
    var message = notice.message();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(metadata.getName() + ".")
            .withNamespace(metadata.getNamespace())
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(store.getApiVersion())
            .withKind(store.getKind())
            .withName(metadata.getName())
            .withNamespace(metadata.getNamespace())
            .withUid(metadata.getUid())
            .endInvolvedObject()
            .withType(notice.warning() ? "Warning" : "Normal")
            .withReason(notice.reason())
            .withMessage(
                message.length() > LONGEST_MESSAGE
                    ? message.substring(0, LONGEST_MESSAGE) + "…"
                    : message)
            .withAction(notice.reason())
            .withEventTime(
                new MicroTime(now.truncatedTo(java.time.temporal.ChronoUnit.MICROS).toString()))
            .withReportingComponent("holdfast.dev/" + Names.OPERATOR)
            .withReportingInstance(instance)
            .withNewSource()
            .withComponent(Names.OPERATOR)
            .endSource()
            .withFirstTimestamp(now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString())
            .withLastTimestamp(now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString())
            .withCount(1)
            .build();
    try {
      client.v1().events().inNamespace(metadata.getNamespace()).resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.warn(
          "event {} of {} could not be written: {}",
          notice.reason(),
          metadata.getName(),
          e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
    }
  }
}
