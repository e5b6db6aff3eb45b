package dev.holdfast.engine.command.connection;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;
import java.util.ArrayList;
import java.util.Locale;
import java.util.function.Predicate;

/** {@code CLIENT KILL}, the old form with an address and the new one with filters. */
final class ClientKill {
  private final Clients clients;

  ClientKill(Clients clients) {
    this.clients = clients;
  }

  void kill(Call call) {
    if (call.count() == 3) {
      String address = call.string(2);
      if (killAll(client -> client.address().equals(address)) == 0) {
        throw new Fault("ERR No such client");
      }
      call.reply().ok();
      return;
    }
    boolean skipMe = true;
    Predicate<Client> filter = client -> true;
    for (int i = 2; i < call.count(); i += 2) {
      if (i + 1 == call.count()) {
        throw Fault.syntax();
      }
      String value = call.string(i + 1);
      if (call.is(i, "SKIPME")) {
        if (!call.is(i + 1, "YES") && !call.is(i + 1, "NO")) {
          throw Fault.syntax();
        }
        skipMe = call.is(i + 1, "YES");
      } else {
        filter = filter.and(filter(call, i, value));
      }
    }
    boolean spare = skipMe;
    call.reply().integer(killAll(filter.and(client -> !spare || client != call.client())));
  }

  private static Predicate<Client> filter(Call call, int arg, String value) {
    if (call.is(arg, "ID")) {
      long id = call.integer(arg + 1, "ERR client-id should be greater than 0");
      if (id < 1) {
        throw new Fault("ERR client-id should be greater than 0");
      }
      return client -> client.id() == id;
    }
    if (call.is(arg, "TYPE")) {
      String type = type(call, arg + 1);
      return client -> isOfType(client, type);
    }
    if (call.is(arg, "ADDR")) {
      return client -> client.address().equals(value);
    }
    if (call.is(arg, "LADDR")) {
      return client -> client.localAddress().equals(value);
    }
    if (call.is(arg, "USER")) {
      if (!value.equals("default")) {
        throw new Fault("ERR No such user '" + value + "'");
      }
      return client -> client.authenticated;
    }
    throw Fault.syntax();
  }

  static String type(Call call, int arg) {
    String type = call.string(arg).toLowerCase(Locale.ROOT);
    return switch (type) {
      case "normal", "master", "replica", "slave", "pubsub" -> type;
      default -> throw new Fault("ERR Unknown client type '" + call.quoted(arg) + "'");
    };
  }

  static boolean isOfType(Client client, String type) {
    return switch (client.type) {
      case NORMAL -> type.equals("normal");
      case REPLICA -> type.equals("replica") || type.equals("slave");
      case PUBSUB -> type.equals("pubsub");
    };
  }

  private int killAll(Predicate<Client> filter) {
    var found = new ArrayList<Client>();
    clients.forEach(
        client -> {
          if (filter.test(client)) {
            found.add(client);
          }
        });
    found.forEach(clients::kill);
    return found.size();
  }
}
