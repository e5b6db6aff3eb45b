package dev.holdfast.engine.loop;

import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.client.Clients;
import dev.holdfast.engine.client.ReplyMode;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.protocol.Args;

/** A few commands, enough to drive the loop: the real ones are tested with the real executor. */
final class ToyExecutor implements CommandExecutor {
  final Keyspace keyspace;
  final EffectLog log;
  Clients clients;

  ToyExecutor(Keyspace keyspace, EffectLog log) {
    this.keyspace = keyspace;
    this.log = log;
  }

  @Override
  public void beginBatch() {}

  @Override
  public void execute(Client client, Args args) {
    var reply = client.reply();
    var gate = clients.gate();
    if (args.is(0, "GET") && args.count() == 2) {
      long hash = hash(args);
      client.holdUntil(gate.dependsOn(client.db, hash));
      long record = keyspace.database(client.db).find(args.address(1), args.length(1), hash);
      if (record == 0) {
        reply.nil();
      } else {
        reply.bulk(Record.valueAddress(record), Record.valueLength(record));
      }
    } else if (args.is(0, "SET") && args.count() == 3) {
      long hash = hash(args);
      keyspace
          .database(client.db)
          .put(
              args.address(1),
              args.length(1),
              hash,
              Record.STRING,
              0,
              args.address(2),
              args.length(2),
              -1);
      log.append(client.db, args);
      gate.wrote(client.db, hash, log.appendedOffset());
      client.holdUntil(log.appendedOffset());
      client.lastWriteOffset = log.appendedOffset();
      reply.ok();
    } else if (args.is(0, "PING")) {
      reply.status("PONG");
    } else if (args.is(0, "ECHO") && args.count() == 2) {
      reply.bulk(args.address(1), args.length(1));
    } else if (args.is(0, "COUNT")) {
      reply.integer(args.count());
    } else if (args.is(0, "AUTH")) {
      client.authenticated = true;
      reply.ok();
    } else if (args.is(0, "LOGOUT")) {
      client.authenticated = false;
      reply.ok();
    } else if (args.is(0, "QUIT")) {
      reply.ok();
      client.closeAfterReplies();
    } else if (args.is(0, "REPLY")) {
      if (args.is(1, "ON")) {
        client.replyMode(ReplyMode.ON);
        reply.ok();
      } else {
        client.replyMode(args.is(1, "OFF") ? ReplyMode.OFF : ReplyMode.SKIP_NEXT);
      }
    } else if (args.is(0, "SWITCH")) {
      reply.protocol(args.string(1).charAt(0) - '0');
      reply.map(1);
      reply.bulk("proto");
      reply.integer(reply.protocol());
    } else if (args.is(0, "REPEAT")) {
      // REPEAT n text: an array whose length is only known at its end
      long mark = reply.deferArray();
      int n = Integer.parseInt(args.string(1));
      for (int i = 0; i < n; i++) {
        reply.bulk(args.address(2), args.length(2));
      }
      reply.endArray(mark, n);
    } else if (args.is(0, "KILL")) {
      clients.kill(clients.byId(Long.parseLong(args.string(1))));
      reply.ok();
    } else if (args.is(0, "ID")) {
      reply.integer(client.id());
    } else if (args.is(0, "LIST")) {
      var text = new StringBuilder();
      clients.forEach(each -> text.append(each.describe()).append('\n'));
      reply.verbatim("txt", text.toString());
    } else if (args.is(0, "CONFIG")) {
      reply.array(0);
    } else {
      reply.error("ERR unknown command '" + args.string(0) + "'");
    }
  }

  private long hash(Args args) {
    return args.hashedIndex() == 1 ? args.hash() : keyspace.hash(args.address(1), args.length(1));
  }

  @Override
  public int firstKey(Args args) {
    return args.length(0) == 3 && (Memory.getByte(args.address(0) + 1) & 0xdf) == 'E' ? 1 : -1;
  }

  @Override
  public boolean writes(Client client, Args args) {
    return args.is(0, "SET");
  }
}
