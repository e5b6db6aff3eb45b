package dev.holdfast.operator.store.act;

import dev.holdfast.operator.api.v1alpha1.PersistentStore;
import dev.holdfast.operator.store.decide.Notice;
import dev.holdfast.operator.store.decide.Plan;
import dev.holdfast.operator.store.decide.Problem;
import dev.holdfast.operator.store.decide.Step;
import dev.holdfast.operator.store.observe.Names;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a plan. What the API server refuses for good (an invalid object, a forbidden change)
 * becomes a problem in its words and the other steps go on; what may pass (a conflict, no
 * connection) is thrown, and the whole store is looked at again. In a namespace that is being
 * deleted nothing is a problem any more.
 */
public final class Actor {

  private static final Logger LOG = LoggerFactory.getLogger(Actor.class);
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final KubernetesClient client;
  private final ServerCommands commands;
  private final Passwords passwords;

  public Actor(KubernetesClient client, ServerCommands commands, Passwords passwords) {
    this.client = client;
    this.commands = commands;
    this.passwords = passwords;
  }

  /**
   * Takes the steps.
   *
   * @param tell is told what was done
   * @return what was refused
   */
  public List<Problem> carryOut(PersistentStore store, Plan plan, Consumer<Notice> tell) {
    List<Problem> refused = new ArrayList<>();
    for (var step : plan.steps()) {
      try {
        take(store, plan, step, tell);
      } catch (KubernetesClientException e) {
        if (namespaceEnds(e)) {
          LOG.debug("{}: its namespace is being deleted", ResourceID.fromResource(store));
          return List.of();
        }
        refused.add(problem(step, e));
      }
    }
    return refused;
  }

  /** Nothing can be made in a namespace that is being deleted; the store goes with it. */
  private static boolean namespaceEnds(KubernetesClientException e) {
    return Optional.ofNullable(e.getStatus())
        .map(Status::getDetails)
        .map(StatusDetails::getCauses)
        .stream()
        .flatMap(List::stream)
        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  private void take(PersistentStore store, Plan plan, Step step, Consumer<Notice> tell) {
    var namespace = store.getMetadata().getNamespace();
    var id = ResourceID.fromResource(store);
    LOG.debug("{}: {}", id, step.getClass().getSimpleName());
    switch (step) {
      case Step.CreateSecret(Secret secret, Optional<Notice> notice) -> {
        create(secret);
        notice.ifPresent(tell);
      }
      case Step.Apply(HasMetadata object, Optional<Notice> notice) -> {
        client.resource(object).fieldManager(Names.OPERATOR).forceConflicts().serverSideApply();
        notice.ifPresent(tell);
      }
      case Step.ReplacePod pod -> {
        if (delete(namespace, pod)) {
          pod.notice().ifPresent(tell);
        }
      }
      case Step.MarkPod mark -> {
        if (mark(namespace, mark)) {
          mark.notice().ifPresent(tell);
        }
      }
      case Step.SendSettings send ->
          plan.poll()
              .filter(target -> target.podUid().equals(send.podUid()))
              .ifPresent(target -> commands.set(id, target, send.settings(), send.drift(), tell));
      case Step.StartRewrite rewrite ->
          plan.poll()
              .filter(target -> target.podUid().equals(rewrite.podUid()))
              .ifPresent(target -> commands.rewrite(id, target, rewrite, tell));
    }
  }

  private void create(Secret withoutPassword) {
    var password = passwords.next();
    var data = withoutPassword.getStringData();
    var secret =
        new SecretBuilder(withoutPassword)
            .addToStringData("password", password)
            .addToStringData(
                "uri",
                "redis://"
                    + data.get("username")
                    + ":"
                    + password
                    + "@"
                    + data.get("host")
                    + ":"
                    + data.get("port")
                    + "/0")
            .build();
    try {
      client.resource(secret).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
    }
  }

  private boolean delete(String namespace, Step.ReplacePod pod) {
    var options =
        new DeleteOptionsBuilder()
            .withPreconditions(new Preconditions(pod.resourceVersion(), pod.uid()))
            .build();
    try {
      return client.raw(
              "/api/v1/namespaces/" + namespace + "/pods/" + pod.name(), "DELETE", options)
          != null;
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT || e.getCode() == NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private boolean mark(String namespace, Step.MarkPod mark) {
    Pod patch =
        new PodBuilder()
            .withNewMetadata()
            .withName(mark.name())
            .withNamespace(namespace)
            .withUid(mark.uid())
            .withLabels(mark.labels())
            .withAnnotations(mark.annotations())
            .endMetadata()
            .build();
    try {
      client
          .pods()
          .inNamespace(namespace)
          .withName(mark.name())
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT || e.getCode() == NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private static Problem problem(Step step, KubernetesClientException e) {
    var forGood =
        e.getCode() >= 400 && e.getCode() < 500 && e.getCode() != CONFLICT && e.getCode() != 429;
    if (!forGood) {
      throw e;
    }
    var what =
        step instanceof Step.Apply(HasMetadata object, Optional<Notice> notice)
            ? object.getKind() + " " + object.getMetadata().getName()
            : step.getClass().getSimpleName();
    var words = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
    return new Problem("ApplyRefused", what + " is refused by the API server: " + words, true);
  }
}
