package dev.holdfast.operator.store.act;

import dev.holdfast.operator.redis.Reply;
import dev.holdfast.operator.redis.RespConnection;
import dev.holdfast.operator.store.decide.Notice;
import dev.holdfast.operator.store.decide.Step;
import dev.holdfast.operator.store.observe.PollTarget;
import dev.holdfast.operator.store.observe.ServerAttempts;
import dev.holdfast.operator.store.observe.ServerAttempts.Attempt;
import dev.holdfast.operator.store.observe.StorePolls;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands to servers, each store's on a virtual thread, so that reconciling never waits for
 * a server. A store for which commands are on their way gets no further ones until a look has shown
 * what came of them; deciding again is cheap.
 */
public final class ServerCommands {

  private static final Logger LOG = LoggerFactory.getLogger(ServerCommands.class);

  private final Duration timeout;
  private final StorePolls polls;
  private final ServerAttempts attempts;
  private final Clock clock;
  private final Set<ResourceID> onTheWay = ConcurrentHashMap.newKeySet();

  public ServerCommands(Duration timeout, StorePolls polls, ServerAttempts attempts, Clock clock) {
    this.timeout = timeout;
    this.polls = polls;
    this.attempts = attempts;
    this.clock = clock;
  }

  /** Sends settings one by one, so that each is accepted or refused on its own. */
  void set(
      ResourceID store,
      PollTarget target,
      SortedMap<String, String> settings,
      SortedMap<String, String> drift,
      Consumer<Notice> tell) {
    send(
        store,
        target,
        connection -> {
          for (var setting : settings.entrySet()) {
            var attempt = set(connection, setting.getKey(), setting.getValue());
            attempts.note(store, target.podUid(), setting.getKey(), attempt);
            tell.accept(outcome(setting.getKey(), attempt, drift.get(setting.getKey())));
          }
        });
  }

  private Attempt set(RespConnection connection, String directive, String value)
      throws IOException {
    var reply = connection.command("CONFIG", "SET", directive, value);
    if (reply instanceof Reply.Failure(String words)) {
      return new Attempt(value, "", words, clock.instant());
    }
    var live =
        connection.expect("CONFIG", "GET", directive) instanceof Reply.Items(List<Reply> values)
                && values.size() == 2
                && values.get(1) instanceof Reply.Text(String text)
            ? text
            : value;
    return new Attempt(value, live, "", clock.instant());
  }

  private static Notice outcome(String directive, Attempt attempt, String driftedTo) {
    if (!attempt.accepted()) {
      return new Notice(
          true,
          "SettingRefused",
          "the server refuses " + directive + " " + attempt.wanted() + ": " + attempt.refusal());
    }
    if (driftedTo != null) {
      return new Notice(
          true,
          "DriftUndone",
          directive
              + " was changed to '"
              + driftedTo
              + "' behind the operator's back, and is '"
              + attempt.wanted()
              + "' again");
    }
    return new Notice(false, "SettingApplied", directive + " is '" + attempt.wanted() + "' now");
  }

  /** Starts a rewrite. */
  void rewrite(ResourceID store, PollTarget target, Step.StartRewrite step, Consumer<Notice> tell) {
    send(
        store,
        target,
        connection -> {
          // Decided before an earlier one was answered: it would be a second one for one reason.
          var last = attempts.of(store, target.podUid()).get(ServerAttempts.REWRITE);
          if (!Optional.ofNullable(last).equals(step.last())) {
            return;
          }
          var reply = connection.command("BGREWRITEAOF");
          var refusal = reply instanceof Reply.Failure(String words) ? words : "";
          attempts.note(
              store,
              target.podUid(),
              ServerAttempts.REWRITE,
              new Attempt(step.request().orElse(""), "", refusal, clock.instant()));
          tell.accept(
              refusal.isEmpty()
                  ? step.why()
                  : new Notice(
                      true,
                      "RewriteNotStarted",
                      step.why().message() + "; the server says: " + refusal));
        });
  }

  private interface Conversation {
    void with(RespConnection connection) throws IOException;
  }

  private void send(ResourceID store, PollTarget target, Conversation conversation) {
    if (!onTheWay.add(store)) {
      return;
    }
    Thread.ofVirtual()
        .name("commands " + store)
        .start(
            () -> {
              try (var connection = RespConnection.open(target.host(), target.port(), timeout)) {
                connection.expect("AUTH", "default", target.password());
                conversation.with(connection);
              } catch (IOException e) {
                LOG.info("{}: commands did not reach the server: {}", store, e.getMessage());
              } finally {
                polls.pollNow(store).whenComplete((nothing, e) -> onTheWay.remove(store));
              }
            });
  }
}
