package dev.holdfast.engine.command.connection;

import dev.holdfast.engine.command.Call;
import dev.holdfast.engine.command.Fault;

/** {@code HELLO}. */
final class Hello {
  /** The version of the field's server whose commands and words this one speaks. */
  static final String VERSION = "7.2.4";

  private final Password password;

  Hello(Password password) {
    this.password = password;
  }

  void hello(Call call) {
    int version = 0;
    int next = 1;
    if (call.count() > 1) {
      long wanted = call.integer(next++, "ERR Protocol version is not an integer or out of range");
      if (wanted < 2 || wanted > 3) {
        throw new Fault("NOPROTO unsupported protocol version");
      }
      version = (int) wanted;
    }
    int user = 0;
    int name = 0;
    while (next < call.count()) {
      int more = call.count() - 1 - next;
      if (call.is(next, "AUTH") && more >= 2) {
        user = next + 1;
        next += 3;
      } else if (call.is(next, "SETNAME") && more >= 1) {
        name = next + 1;
        ClientText.check(call, name, "Client names");
        next += 2;
      } else {
        throw new Fault("ERR Syntax error in HELLO option '" + call.quoted(next) + "'");
      }
    }
    authenticate(call, user);
    if (name > 0) {
      call.client().name = call.string(name);
    }
    if (version > 0) {
      call.reply().protocol(version);
    }
    reply(call);
  }

  private void authenticate(Call call, int user) {
    if (user > 0) {
      if (!password.accepts(call.string(user), call.bytes(user + 1))) {
        throw Password.wrong();
      }
      call.client().authenticated = true;
    }
    if (!call.client().authenticated) {
      throw new Fault(
          "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option"
              + " can be used to authenticate the client and select the RESP protocol version at the same time");
    }
  }

  private static void reply(Call call) {
    var reply = call.reply();
    reply.map(7);
    reply.bulk("server");
    reply.bulk("redis");
    reply.bulk("version");
    reply.bulk(VERSION);
    reply.bulk("proto");
    reply.integer(reply.protocol());
    reply.bulk("id");
    reply.integer(call.client().id());
    reply.bulk("mode");
    reply.bulk("standalone");
    reply.bulk("role");
    reply.bulk("master");
    reply.bulk("modules");
    reply.array(0);
  }
}
