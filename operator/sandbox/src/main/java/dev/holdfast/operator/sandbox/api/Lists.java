package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.http.Request;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.store.ObjectStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Lists, whole or page by page. The pages of one list show one moment: what is left of it is kept
 * under its token until it was fetched or pushed out by others.
 */
final class Lists {
  private static final int OPEN_LISTS = 64;

  private final ObjectStore store;
  private final Map<String, Rest> open =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Rest> eldest) {
          return size() > OPEN_LISTS;
        }
      };
  private long tokens;

  private record Rest(long revision, List<ObjectNode> objects) {}

  /** A page. */
  record Page(long revision, List<ObjectNode> objects, String token, int remaining) {}

  Lists(ObjectStore store) {
    this.store = store;
  }

  Page page(Target target, Predicate<JsonNode> wanted, Request request) {
    int limit = Integer.parseInt(request.parameter("limit", "0"));
    String token = request.parameter("continue", "");
    Rest rest;
    if (token.isEmpty()) {
      var snapshot = store.list(target.type().collection(), target.namespace());
      rest =
          new Rest(snapshot.revision(), snapshot.objects().stream().filter(wanted::test).toList());
    } else {
      synchronized (open) {
        rest = open.remove(token);
      }
      if (rest == null) {
        throw ApiError.expired(
            "The provided continue parameter is too old to display a consistent list result. You"
                + " can start a new list without the continue parameter.");
      }
    }
    if (limit <= 0 || rest.objects().size() <= limit) {
      return new Page(rest.revision(), rest.objects(), "", 0);
    }
    List<ObjectNode> left = rest.objects().subList(limit, rest.objects().size());
    synchronized (open) {
      String next = rest.revision() + "-" + ++tokens;
      open.put(next, new Rest(rest.revision(), left));
      return new Page(rest.revision(), rest.objects().subList(0, limit), next, left.size());
    }
  }

  static ObjectNode document(ResourceType type, Page page) {
    ObjectNode list =
        Json.object().put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
    list.set("metadata", metadata(page));
    ArrayNode items = list.putArray("items");
    page.objects().forEach(object -> items.add(type.view().show(object)));
    return list;
  }

  static ObjectNode metadata(Page page) {
    ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(page.revision()));
    if (!page.token().isEmpty()) {
      metadata.put("continue", page.token()).put("remainingItemCount", page.remaining());
    }
    return metadata;
  }
}
