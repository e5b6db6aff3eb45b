package dev.holdfast.engine.tracking;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.ClientClass;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.IfNotDurable;
import dev.holdfast.engine.memory.ByteString;
import dev.holdfast.engine.protocol.Reply;
import java.util.Collection;

/**
 * Tells a client, or the one that it redirects to, which keys to forget: as a push, and to a RESP2
 * client with subscriptions as a message of the channel {@code __redis__:invalidate}.
 */
final class Invalidations {
  private static final String CHANNEL = "__redis__:invalidate";

  private final Clients clients;

  Invalidations(Clients clients) {
    this.clients = clients;
  }

  /**
   * @param keys null for all
   */
  void send(Client client, Collection<ByteString> keys) {
    var state = client.tracking();
    var to = state.redirect == 0 ? client : clients.byId(state.redirect);
    if (to == null) {
      state.brokenRedirect = true;
      broken(client, state.redirect);
    } else if (to.reply().protocol() == 3) {
      clients
          .pushes()
          .send(
              to,
              IfNotDurable.SEND,
              reply -> {
                reply.push(2);
                reply.bulk("invalidate");
                keys(reply, keys);
              });
    } else if (to != client && to.type == ClientClass.PUBSUB) {
      clients
          .pushes()
          .send(
              to,
              IfNotDurable.SEND,
              reply -> {
                reply.array(3);
                reply.bulk("message");
                reply.bulk(CHANNEL);
                keys(reply, keys);
              });
    }
  }

  private void broken(Client client, long redirect) {
    if (client.reply().protocol() == 3) {
      clients
          .pushes()
          .send(
              client,
              IfNotDurable.SEND,
              reply -> {
                reply.push(2);
                reply.bulk("tracking-redir-broken");
                reply.integer(redirect);
              });
    }
  }

  private static void keys(Reply reply, Collection<ByteString> keys) {
    if (keys == null) {
      reply.nil();
      return;
    }
    reply.array(keys.size());
    keys.forEach(key -> reply.bulk(key.bytes()));
  }
}
