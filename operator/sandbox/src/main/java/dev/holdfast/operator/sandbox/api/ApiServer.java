package dev.holdfast.operator.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.operator.sandbox.http.Handler;
import dev.holdfast.operator.sandbox.http.Request;
import dev.holdfast.operator.sandbox.http.Response;
import dev.holdfast.operator.sandbox.json.Json;
import dev.holdfast.operator.sandbox.patch.JsonPatch;
import dev.holdfast.operator.sandbox.patch.MergePatch;
import dev.holdfast.operator.sandbox.patch.PatchException;
import dev.holdfast.operator.sandbox.patch.StrategicMergePatch;
import dev.holdfast.operator.sandbox.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The Kubernetes API over HTTP: authentication, routing, and the form of requests and answers. */
public final class ApiServer implements Handler {
  private static final String JSON = "application/json";

  private final String token;
  private final ResourceTypes types;
  private final Operations operations;
  private final Map<String, Subresource> subresources;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final Watches watches;
  private final Lists lists;

  /**
   * Serves a store.
   *
   * @param token what clients have to present
   * @param subresources by {@code <plural>/<name>}, for example {@code pods/log}
   */
  public ApiServer(
      String token,
      ObjectStore store,
      ResourceTypes types,
      Operations operations,
      Map<String, Subresource> subresources) {
    this.token = token;
    this.types = types;
    this.operations = operations;
    this.subresources = subresources;
    discovery = new Discovery(types);
    openApi = new OpenApi(types);
    watches = new Watches(store);
    lists = new Lists(store);
  }

  @Override
  public void handle(Request request, Response response) throws IOException, InterruptedException {
    try {
      authenticate(request);
      route(request, response);
    } catch (ApiError e) {
      send(response, e.code(), e.status());
    } catch (NumberFormatException e) {
      send(response, 400, ApiError.badRequest("expected a number: " + e.getMessage()).status());
    } catch (RuntimeException e) {
      System.getLogger("sandbox").log(System.Logger.Level.WARNING, request.path(), e);
      send(response, 500, ApiError.internal(e).status());
    }
  }

  private void authenticate(Request request) {
    byte[] given = request.header("authorization").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(given, ("Bearer " + token).getBytes(StandardCharsets.UTF_8))) {
      throw ApiError.unauthorized();
    }
  }

  private void route(Request request, Response response) throws IOException, InterruptedException {
    String path = request.path().replaceAll("/+$", "");
    String[] parts = path.split("/", -1);
    String root = parts.length > 1 ? parts[1] : "";
    switch (root) {
      case "healthz", "livez", "readyz" ->
          response.send(200, "text/plain", "ok".getBytes(StandardCharsets.UTF_8));
      case "version" -> send(response, 200, version());
      case "openapi" -> openApi(path, response);
      case "api", "apis" -> {
        boolean core = root.equals("api");
        if (parts.length <= (core ? 3 : 4)) {
          discover(request, response, parts, core);
        } else {
          resource(request, response, path);
        }
      }
      default -> throw ApiError.notImplemented(request.method() + " " + request.path());
    }
  }

  private void discover(Request request, Response response, String[] parts, boolean core)
      throws IOException {
    ObjectNode document =
        switch (parts.length) {
          case 2 -> {
            String aggregated = Discovery.aggregated(request.header("accept"));
            if (!aggregated.isEmpty()) {
              byte[] body = Json.bytes(discovery.aggregated(core, aggregated));
              response.send(200, aggregated, body);
              yield null;
            }
            yield core ? discovery.coreVersions() : discovery.groupList();
          }
          case 3 -> core ? discovery.resources("", parts[2]) : discovery.group(parts[2]);
          default -> discovery.resources(parts[2], parts[3]);
        };
    if (parts.length > 2 && document == null) {
      throw ApiError.notImplemented("the API group at " + request.path());
    }
    if (document != null) {
      send(response, 200, document);
    }
  }

  private void openApi(String path, Response response) throws IOException {
    ObjectNode document =
        path.equals("/openapi/v3")
            ? openApi.index()
            : path.startsWith("/openapi/v3/")
                ? openApi.document(path.substring("/openapi/v3/".length()))
                : null;
    if (document == null) {
      throw ApiError.notImplemented(path);
    }
    send(response, 200, document);
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "36")
        .put("gitVersion", "v1.36.0+holdfast-sandbox")
        .put("platform", System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
  }

  /** Who holds the token may do everything: that is the answer to both questions about rights. */
  private static ObjectNode reviewed(Request request) throws IOException {
    ObjectNode review = (ObjectNode) parse(request);
    ObjectNode status = review.putObject("status");
    status.put("allowed", true).put("incomplete", false);
    ObjectNode rule = status.putArray("resourceRules").addObject();
    rule.putArray("apiGroups").add("*");
    rule.putArray("resources").add("*");
    rule.putArray("verbs").add("*");
    status.putArray("nonResourceRules");
    return review;
  }

  private void resource(Request request, Response response, String path)
      throws IOException, InterruptedException {
    Target target = Target.of(path, types);
    if (target == null) {
      throw ApiError.notImplemented(request.method() + " " + request.path());
    }
    String subresource = target.subresource();
    if (target.type().collection().isEmpty()) {
      send(response, 201, reviewed(request));
      return;
    }
    if (!subresource.isEmpty() && !(subresource.equals("status") && target.type().status())) {
      Subresource special = subresources.get(target.type().plural() + "/" + subresource);
      if (special == null) {
        throw ApiError.notImplemented(target.type().plural() + "/" + subresource);
      }
      operations.get(target.type(), target.namespace(), target.name());
      special.handle(request, response, target.namespace(), target.name());
      return;
    }
    boolean collection = target.name().isEmpty();
    switch (request.method()) {
      case "GET" -> {
        if (collection) {
          list(target, request, response);
        } else {
          sendOne(
              target,
              request,
              response,
              200,
              operations.get(target.type(), target.namespace(), target.name()));
        }
      }
      case "POST" -> create(target, request, response);
      case "PUT" -> {
        ObjectNode object = body(target, request);
        ObjectNode updated =
            operations.update(
                target.type(),
                target.namespace(),
                target.name(),
                object,
                WriteOptions.of(request, subresource),
                warn(response));
        sendOne(target, request, response, 200, updated);
      }
      case "PATCH" -> patch(target, request, response);
      case "DELETE" -> delete(target, request, response);
      default -> throw ApiError.notAllowed();
    }
  }

  private void list(Target target, Request request, Response response)
      throws IOException, InterruptedException {
    Predicate<JsonNode> wanted =
        Selector.labels(request.parameter("labelSelector", ""))
            .and(Selector.fields(request.parameter("fieldSelector", ""), target.type()));
    boolean table = wantsTable(request);
    if (request.flag("watch")) {
      watches.serve(target, wanted, table, request, response);
      return;
    }
    Lists.Page page = lists.page(target, wanted, request);
    if (table) {
      List<ObjectNode> shown =
          page.objects().stream().map(object -> target.type().view().show(object)).toList();
      String include = request.parameter("includeObject", "Metadata");
      ObjectNode document = Table.of(target.type(), shown, include);
      document.set("metadata", Lists.metadata(page));
      send(response, 200, document);
    } else {
      ObjectNode document = Lists.document(target.type(), page);
      if (request.header("accept").contains("as=PartialObjectMetadataList")) {
        document.put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
        List<ObjectNode> partial = new ArrayList<>();
        document.path("items").forEach(item -> partial.add(Table.metadataOnly(item)));
        document.putArray("items").addAll(partial);
      }
      send(response, 200, document);
    }
  }

  private void create(Target target, Request request, Response response) throws IOException {
    if (!target.name().isEmpty()) {
      throw ApiError.notAllowed();
    }
    ObjectNode object = body(target, request);
    ObjectNode created =
        operations.create(
            target.type(),
            target.namespace(),
            object,
            WriteOptions.of(request, ""),
            warn(response));
    sendOne(target, request, response, 201, created);
  }

  private void patch(Target target, Request request, Response response) throws IOException {
    var options = WriteOptions.of(request, target.subresource());
    ResourceType type = target.type();
    JsonNode patch = parse(request);
    String form = request.header("content-type").split(";")[0].strip();
    if (form.equals("application/apply-patch+yaml")
        || form.equals("application/apply-patch+cbor")) {
      if (request.parameter("fieldManager", "").isEmpty()) {
        throw ApiError.badRequest(
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required"
                + " value: is required for apply patch");
      }
      var applied =
          operations.apply(
              type,
              target.namespace(),
              target.name(),
              type.view().take((ObjectNode) patch),
              options,
              warn(response));
      sendOne(target, request, response, applied.created() ? 201 : 200, applied.object());
      return;
    }
    UnaryOperator<ObjectNode> change =
        switch (form) {
          case "application/json-patch+json" ->
              object -> (ObjectNode) JsonPatch.apply(object, patch);
          case "application/merge-patch+json" ->
              object -> (ObjectNode) MergePatch.apply(object, patch);
          case "application/strategic-merge-patch+json" -> {
            if (type.custom()) {
              throw ApiError.unsupportedMedia(
                  "the body of the request was in an unknown format - accepted media types"
                      + " include: application/json-patch+json, application/merge-patch+json,"
                      + " application/apply-patch+yaml");
            }
            yield object -> StrategicMergePatch.apply(object, (ObjectNode) patch, type.schema());
          }
          default ->
              throw ApiError.unsupportedMedia(
                  "the body of the request was in an unknown format - accepted media types"
                      + " include: application/json-patch+json, application/merge-patch+json,"
                      + " application/strategic-merge-patch+json, application/apply-patch+yaml");
        };
    try {
      ObjectNode patched =
          operations.patch(
              type,
              target.namespace(),
              target.name(),
              stored -> type.view().take(change.apply(type.view().show(stored))),
              options,
              warn(response));
      sendOne(target, request, response, 200, patched);
    } catch (PatchException e) {
      throw e.malformed()
          ? ApiError.badRequest(e.getMessage())
          : ApiError.invalid(
              type,
              target.name(),
              List.of(
                  dev.holdfast.operator.sandbox.schema.Problem.invalid(
                      "patch", patch.toString(), e.getMessage())));
    }
  }

  private void delete(Target target, Request request, Response response) throws IOException {
    DeleteOptions options = DeleteOptions.of(request, parse(request));
    ResourceType type = target.type();
    if (target.name().isEmpty()) {
      Predicate<JsonNode> wanted =
          Selector.labels(request.parameter("labelSelector", ""))
              .and(Selector.fields(request.parameter("fieldSelector", ""), type));
      Lists.Page page = lists.page(target, wanted, request);
      for (ObjectNode object : page.objects()) {
        operations.delete(type, Json.namespace(object), Json.name(object), options);
      }
      send(response, 200, Lists.document(type, page));
      return;
    }
    ObjectNode last = operations.delete(type, target.namespace(), target.name(), options);
    boolean gone = operations.find(type, target.namespace(), target.name()) == null;
    if (gone && !type.kind().equals("Pod")) {
      ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
      status.putObject("metadata");
      status.put("status", "Success");
      ObjectNode details = status.putObject("details").put("name", target.name());
      details.put("group", type.group()).put("kind", type.plural()).put("uid", Json.uid(last));
      send(response, 200, status);
    } else {
      sendOne(target, request, response, 200, last);
    }
  }

  private static void sendOne(
      Target target, Request request, Response response, int status, ObjectNode object)
      throws IOException {
    ObjectNode shown = target.type().view().show(object);
    String accept = request.header("accept");
    if (wantsTable(request) && request.method().equals("GET")) {
      String include = request.parameter("includeObject", "Metadata");
      ObjectNode table = Table.of(target.type(), List.of(shown), include);
      table
          .withObject("/metadata")
          .put("resourceVersion", Json.text(object, "metadata", "resourceVersion"));
      send(response, status, table);
    } else if (accept.contains("as=PartialObjectMetadata;")) {
      send(response, status, Table.metadataOnly(shown));
    } else {
      send(response, status, shown);
    }
  }

  private static boolean wantsTable(Request request) {
    return request.header("accept").contains("as=Table");
  }

  private static ObjectNode body(Target target, Request request) throws IOException {
    if (parse(request) instanceof ObjectNode object) {
      return target.type().view().take(object);
    }
    throw ApiError.badRequest("expected an object in the body");
  }

  private static JsonNode parse(Request request) throws IOException {
    if (request.header("content-type").contains("protobuf")) {
      return Protobuf.read(request.body());
    }
    try {
      return Json.parse(request.body());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw ApiError.badRequest("the body cannot be read: " + e.getOriginalMessage());
    }
  }

  private static java.util.function.Consumer<String> warn(Response response) {
    return text -> response.header("Warning", "299 - " + Json.tree(text));
  }

  private static void send(Response response, int status, ObjectNode body) throws IOException {
    response.send(status, JSON, Json.bytes(body));
  }
}
