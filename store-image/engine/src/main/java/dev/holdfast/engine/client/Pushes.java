package dev.holdfast.engine.client;

import dev.holdfast.engine.protocol.BufferPool;
import dev.holdfast.engine.protocol.Reply;
import dev.holdfast.engine.protocol.ReplyBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What clients get without having asked for it by the command they sent last: messages of channels,
 * notifications, invalidations, lines of {@code MONITOR}.
 *
 * <p>None leaves earlier than the reply to the command that caused it could: it waits for the same
 * offset of the log, and replies behind it on its connection wait with it. That offset is known
 * when the command or transaction is over ({@link #end}); until then what was written is held
 * without one. What the running client gets itself follows its reply.
 *
 * <p>The command thread owns it.
 */
public final class Pushes {
  private final Clients clients;
  private final List<Client> receivers = new ArrayList<>();
  private final Own messages;
  private final Own invalidations;
  private boolean waiting;
  private long hold;

  /** For the client whose command runs, until it has its reply. */
  private static final class Own {
    private final ReplyBuffer buffer;
    private final Reply reply;
    private final IfNotDurable otherwise;

    Own(BufferPool pool, IfNotDurable otherwise) {
      this.buffer = new ReplyBuffer(pool);
      this.reply = new Reply(buffer);
      this.otherwise = otherwise;
    }

    void sendTo(Client client, long offset) {
      if (buffer.pending() > 0) {
        client.push(buffer, otherwise, offset);
        buffer.clear();
      }
    }
  }

  Pushes(Clients clients, BufferPool pool) {
    this.clients = clients;
    this.messages = new Own(pool, IfNotDurable.DROP);
    this.invalidations = new Own(pool, IfNotDurable.SEND);
  }

  /** For an executor without clients: nothing is ever pushed. */
  public static Pushes none() {
    return new Pushes(null, new BufferPool());
  }

  /** Whether {@link #end} has something to do. */
  public boolean waiting() {
    return waiting;
  }

  /** What is pushed until {@link #end} depends on this offset of the log, too. */
  public void waitFor(long offset) {
    hold = Math.max(hold, offset);
  }

  /** Has a message written for a client, also for one that wants no replies. */
  public void send(Client to, IfNotDurable otherwise, Consumer<Reply> message) {
    if (to.isClosing()) {
      return;
    }
    if (to == clients.running()) {
      waiting = true;
      var own = otherwise == IfNotDurable.SEND ? invalidations : messages;
      own.reply.protocol(to.reply().protocol());
      message.accept(own.reply);
      return;
    }
    begin(to, otherwise);
    var reply = to.reply();
    boolean muted = reply.muted();
    reply.muted(false);
    message.accept(reply);
    reply.muted(muted);
  }

  /** What is written to another client than the running one from here on is a push. */
  void begin(Client to, IfNotDurable otherwise) {
    waiting = true;
    if (to.beginPush(otherwise)) {
      receivers.add(to);
    }
  }

  /** The command of {@code by} is over, and what its reply waits for is known. */
  public void end(Client by) {
    long offset = Math.max(hold, Math.max(by.replyHold(), by.lastWriteOffset));
    settle(offset);
    messages.sendTo(by, offset);
    invalidations.sendTo(by, offset);
    hold = 0;
    waiting = false;
  }

  /** As {@link #end}, for what happened between commands and depends on {@code offset}. */
  public void end(long offset) {
    settle(offset);
    waiting = clients.running() != null;
    hold = waiting ? Math.max(hold, offset) : 0;
  }

  private void settle(long offset) {
    for (int i = 0; i < receivers.size(); i++) {
      receivers.get(i).settlePushes(offset);
    }
    receivers.clear();
  }
}
