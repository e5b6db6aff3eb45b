package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.http.Request;
import dev.holdfast.operator.sandbox.http.Response;
import dev.holdfast.operator.sandbox.http.WebSocket;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.Change;
import dev.holdfast.operator.sandbox.store.ObjectStore;
import dev.holdfast.operator.sandbox.store.TooOldException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Streams of changes, as chunks or WebSocket messages. */
final class Watches {
  private static final Duration BOOKMARK_EVERY = Duration.ofSeconds(20);
  private static final Duration LONGEST = Duration.ofMinutes(55);

  private final ObjectStore store;

  Watches(ObjectStore store) {
    this.store = store;
  }

  /** Where events go. */
  @FunctionalInterface
  private interface Sink {
    void send(String kind, ObjectNode object) throws IOException;
  }

  /** Serves until the client leaves, its time is over, or changes were forgotten. */
  void serve(
      Target target, Predicate<JsonNode> wanted, boolean table, Request request, Response response)
      throws IOException, InterruptedException {
    long seconds = Long.parseLong(request.parameter("timeoutSeconds", "0"));
    long until =
        System.nanoTime() + (seconds > 0 ? Duration.ofSeconds(seconds) : LONGEST).toNanos();
    var watch = new Watch(target, wanted, table, request);
    if (request.wantsWebSocket()) {
      WebSocket socket = WebSocket.accept(request, response);
      watch.run((kind, object) -> socket.send(event(kind, object)), until);
      socket.close();
    } else {
      String type = table ? "application/json;as=Table;v=v1;g=meta.k8s.io" : "application/json";
      OutputStream out = response.stream(200, type + ";stream=watch");
      watch.run(
          (kind, object) -> {
            byte[] event = event(kind, object);
            byte[] line = java.util.Arrays.copyOf(event, event.length + 1);
            line[event.length] = '\n';
            out.write(line);
            out.flush();
          },
          until);
      out.close();
    }
  }

  private static byte[] event(String kind, ObjectNode object) {
    ObjectNode event = Json.object().put("type", kind);
    event.set("object", object);
    return Json.bytes(event);
  }

  /** One client's watch. */
  private final class Watch {
    private final Target target;
    private final Predicate<JsonNode> wanted;
    private final boolean table;
    private final Request request;
    private final boolean bookmarks;
    private long at;

    Watch(Target target, Predicate<JsonNode> wanted, boolean table, Request request) {
      this.target = target;
      this.wanted = wanted;
      this.table = table;
      this.request = request;
      bookmarks = request.flag("allowWatchBookmarks");
    }

    void run(Sink sink, long until) throws IOException, InterruptedException {
      String from = request.parameter("resourceVersion", "");
      boolean initial = request.flag("sendInitialEvents");
      boolean fromNow = from.isEmpty() || from.equals("0");
      if (initial || (fromNow && !request.parameter("sendInitialEvents", "x").equals("false"))) {
        sendPresent(sink, initial);
      } else {
        at = fromNow ? store.revision() : Long.parseLong(from);
      }
      long lastBookmark = System.nanoTime();
      while (true) {
        long now = System.nanoTime();
        if (now >= until) {
          return;
        }
        if (bookmarks && now - lastBookmark >= BOOKMARK_EVERY.toNanos()) {
          sink.send("BOOKMARK", bookmark());
          lastBookmark = now;
        }
        long wait = Math.min(until - now, BOOKMARK_EVERY.toNanos()) / 1_000_000 + 1;
        try {
          long newest = store.revision();
          List<Change> changes = store.changesAfter(target.type().collection(), at, wait);
          for (Change change : changes) {
            send(change, sink);
            at = change.revision();
          }
          if (changes.isEmpty()) {
            at = Math.max(at, newest);
          }
        } catch (TooOldException e) {
          sink.send("ERROR", ApiError.expired(e.getMessage()).status());
          return;
        }
      }
    }

    private void sendPresent(Sink sink, boolean markEnd) throws IOException {
      var snapshot = store.list(target.type().collection(), target.namespace());
      at = snapshot.revision();
      for (ObjectNode object : snapshot.objects()) {
        if (wanted.test(object)) {
          sink.send("ADDED", shown(object));
        }
      }
      if (markEnd) {
        ObjectNode end = bookmark();
        Json.ensure(end, "metadata", "annotations").put("k8s.io/initial-events-end", "true");
        sink.send("BOOKMARK", end);
      }
    }

    /** A change of what a selector matches looks like an addition or a deletion. */
    private void send(Change change, Sink sink) throws IOException {
      if (!target.namespace().isEmpty()
          && !target.namespace().equals(Json.namespace(change.object()))) {
        return;
      }
      boolean before = change.previous() != null && wanted.test(change.previous());
      boolean after = change.kind() != Change.Kind.DELETED && wanted.test(change.object());
      if (after) {
        sink.send(before ? "MODIFIED" : "ADDED", shown(change.object()));
      } else if (before) {
        ObjectNode last = change.previous().deepCopy();
        last.withObject("/metadata").put("resourceVersion", Long.toString(change.revision()));
        boolean deleted = change.kind() == Change.Kind.DELETED;
        sink.send("DELETED", shown(deleted ? change.object() : last));
      }
    }

    private ObjectNode bookmark() {
      ObjectNode mark =
          Json.object()
              .put("kind", target.type().kind())
              .put("apiVersion", target.type().apiVersion());
      mark.putObject("metadata").put("resourceVersion", Long.toString(at));
      mark.withObject("/metadata").putNull("creationTimestamp");
      return mark;
    }

    private ObjectNode shown(ObjectNode object) {
      ObjectNode view = target.type().view().show(object);
      if (!table) {
        return view;
      }
      String include = request.parameter("includeObject", "Metadata");
      return Table.of(target.type(), List.of(view), include);
    }
  }
}
