package dev.holdfast.engine.command.connection;

import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.TrackingState;
import dev.holdfast.engine.client.TrackingState.Mode;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import dev.holdfast.engine.memory.ByteString;
import dev.holdfast.engine.tracking.Tracking;
import java.util.ArrayList;
import java.util.List;

/** {@code CLIENT TRACKING}, {@code CACHING}, {@code TRACKINGINFO} and {@code GETREDIR}. */
final class ClientTracking {
  private static final String REENABLE =
      " before disabling tracking for this client, and then re-enabling it with a different mode.";

  private final Clients clients;
  private final Tracking tracking;

  ClientTracking(Clients clients, Tracking tracking) {
    this.clients = clients;
    this.tracking = tracking;
  }

  private static final class Options {
    private long redirect;
    private boolean broadcast;
    private boolean optIn;
    private boolean optOut;
    private boolean noLoop;
    private final List<ByteString> prefixes = new ArrayList<>();

    Mode mode() {
      return broadcast ? Mode.BCAST : optIn ? Mode.OPTIN : optOut ? Mode.OPTOUT : Mode.ALL;
    }
  }

  void tracking(Call call) {
    var options = options(call);
    if (call.is(2, "ON")) {
      check(call.client().tracking(), options);
      tracking.begin(
          call.client(),
          new TrackingState(options.mode(), options.noLoop, options.redirect),
          options.prefixes);
    } else if (call.is(2, "OFF")) {
      tracking.end(call.client());
    } else {
      throw Fault.syntax();
    }
    call.reply().ok();
  }

  private Options options(Call call) {
    var options = new Options();
    for (int i = 3; i < call.count(); i++) {
      boolean hasValue = i + 1 < call.count();
      if (call.is(i, "REDIRECT") && hasValue) {
        redirect(call, ++i, options);
      } else if (call.is(i, "BCAST")) {
        options.broadcast = true;
      } else if (call.is(i, "OPTIN")) {
        options.optIn = true;
      } else if (call.is(i, "OPTOUT")) {
        options.optOut = true;
      } else if (call.is(i, "NOLOOP")) {
        options.noLoop = true;
      } else if (call.is(i, "PREFIX") && hasValue) {
        options.prefixes.add(ByteString.of(call.bytes(++i)));
      } else {
        throw Fault.syntax();
      }
    }
    return options;
  }

  private void redirect(Call call, int arg, Options options) {
    if (options.redirect != 0) {
      throw new Fault("ERR A client can only redirect to a single other client");
    }
    options.redirect = call.integer(arg);
    if (clients.byId(options.redirect) == null) {
      throw new Fault("ERR The client ID you want redirect to does not exist");
    }
  }

  private static void check(TrackingState now, Options options) {
    if (!options.broadcast && !options.prefixes.isEmpty()) {
      throw new Fault("ERR PREFIX option requires BCAST mode to be enabled");
    }
    if (now != null && (now.mode == Mode.BCAST) != options.broadcast) {
      throw new Fault("ERR You can't switch BCAST mode on/off" + REENABLE);
    }
    if (options.broadcast && (options.optIn || options.optOut)) {
      throw new Fault("ERR OPTIN and OPTOUT are not compatible with BCAST");
    }
    if (options.optIn && options.optOut) {
      throw new Fault("ERR You can't specify both OPTIN mode and OPTOUT mode");
    }
    if (now != null
        && (options.optIn && now.mode == Mode.OPTOUT || options.optOut && now.mode == Mode.OPTIN)) {
      throw new Fault("ERR You can't switch OPTIN/OPTOUT mode" + REENABLE);
    }
    for (int i = 0; i < options.prefixes.size(); i++) {
      checkPrefix(now, options.prefixes, i);
    }
  }

  private static void checkPrefix(TrackingState now, List<ByteString> prefixes, int i) {
    if (now != null) {
      for (var known : now.prefixes) {
        overlap(prefixes.get(i), "an existing", known);
      }
    }
    for (var other : prefixes.subList(i + 1, prefixes.size())) {
      overlap(prefixes.get(i), "another provided", other);
    }
  }

  private static void overlap(ByteString prefix, String which, ByteString other) {
    if (prefix.startsWith(other) || other.startsWith(prefix)) {
      throw new Fault(
          "ERR Prefix '%s' overlaps with %s prefix '%s'. Prefixes for a single client must not overlap."
              .formatted(prefix, which, other));
    }
  }

  static void caching(Call call) {
    var state = call.client().tracking();
    if (state == null) {
      throw new Fault(
          "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled");
    }
    boolean yes = call.is(2, "YES");
    if (!yes && !call.is(2, "NO")) {
      throw Fault.syntax();
    }
    if (state.mode != (yes ? Mode.OPTIN : Mode.OPTOUT)) {
      throw new Fault(
          "ERR CLIENT CACHING %s is only valid when tracking is enabled in %s mode."
              .formatted(yes ? "YES" : "NO", yes ? "OPTIN" : "OPTOUT"));
    }
    state.caching = true;
    call.reply().ok();
  }

  static void getredir(Call call) {
    var state = call.client().tracking();
    call.reply().integer(state == null ? -1 : state.redirect);
  }

  static void trackinginfo(Call call) {
    var state = call.client().tracking();
    var reply = call.reply();
    reply.map(3);
    reply.bulk("flags");
    var flags = flags(state);
    reply.set(flags.size());
    flags.forEach(reply::bulk);
    reply.bulk("redirect");
    getredir(call);
    reply.bulk("prefixes");
    reply.array(state == null ? 0 : state.prefixes.size());
    if (state != null) {
      state.prefixes.forEach(prefix -> reply.bulk(prefix.bytes()));
    }
  }

  private static List<String> flags(TrackingState state) {
    if (state == null) {
      return List.of("off");
    }
    var flags = new ArrayList<>(List.of("on"));
    switch (state.mode) {
      case ALL -> {}
      case BCAST -> flags.add("bcast");
      case OPTIN ->
          flags.addAll(state.caching ? List.of("optin", "caching-yes") : List.of("optin"));
      case OPTOUT ->
          flags.addAll(state.caching ? List.of("optout", "caching-no") : List.of("optout"));
    }
    if (state.noLoop) {
      flags.add("noloop");
    }
    if (state.brokenRedirect) {
      flags.add("broken_redirect");
    }
    return flags;
  }
}
