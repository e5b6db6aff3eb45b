package dev.holdfast.engine.client;

/** A client as {@code CLIENT LIST} and the log show it, with the fields of Redis 7.2. */
final class ClientLine {
  private static final long SECOND = 1_000_000_000L;

  private ClientLine() {}

  static String of(Client client, long nowNanos) {
    var channel = client.channel();
    var transaction = client.transaction();
    var output = client.output();
    var line = new StringBuilder(320);
    line.append("id=").append(client.id());
    line.append(" addr=").append(client.address());
    line.append(" laddr=").append(client.localAddress());
    line.append(" fd=").append(channel == null ? -1 : channel.descriptor());
    line.append(" name=").append(client.name);
    line.append(" age=").append((nowNanos - client.createdNanos()) / SECOND);
    line.append(" idle=").append((nowNanos - client.lastActiveNanos) / SECOND);
    line.append(" flags=").append(flags(client));
    line.append(" db=").append(client.db);
    line.append(" sub=").append(client.subscribed(Subscription.CHANNEL));
    line.append(" psub=").append(client.subscribed(Subscription.PATTERN));
    line.append(" ssub=").append(client.subscribed(Subscription.SHARD_CHANNEL));
    line.append(" multi=").append(transaction.isOpen() ? transaction.size() : -1);
    line.append(" qbuf=").append(channel == null ? 0 : channel.queryBytes());
    line.append(" qbuf-free=").append(channel == null ? 0 : channel.queryRoom());
    line.append(" argv-mem=0 multi-mem=").append(transaction.memory());
    line.append(" rbs=").append(output.memory());
    line.append(" rbp=").append(output.memory());
    line.append(" obl=").append(output.blocks() == 1 ? output.pending() : 0);
    line.append(" oll=").append(output.blocks() > 1 ? output.blocks() : 0);
    line.append(" omem=").append(output.blocks() > 1 ? output.memory() : 0);
    line.append(" tot-mem=").append(client.memory());
    line.append(" events=").append(channel == null ? "" : channel.events());
    line.append(" cmd=").append(client.lastCommand == null ? "NULL" : client.lastCommand);
    line.append(" user=default redir=");
    line.append(client.tracking() == null ? -1 : client.tracking().redirect);
    line.append(" resp=").append(client.reply().protocol());
    line.append(" lib-name=").append(client.libName);
    line.append(" lib-ver=").append(client.libVersion);
    return line.toString();
  }

  private static String flags(Client client) {
    var flags = new StringBuilder();
    var tracking = client.tracking();
    flag(flags, client.isMonitor(), 'O');
    flag(flags, client.type == ClientClass.REPLICA, 'S');
    flag(flags, client.type == ClientClass.PUBSUB, 'P');
    flag(flags, client.transaction().isOpen(), 'x');
    flag(flags, client.isBlocked(), 'b');
    flag(flags, tracking != null, 't');
    flag(flags, tracking != null && tracking.brokenRedirect, 'R');
    flag(flags, tracking != null && tracking.mode == TrackingState.Mode.BCAST, 'B');
    flag(flags, client.transaction().watchedChanged(), 'd');
    flag(flags, client.isClosing() && !client.isClosed(), 'c');
    flag(flags, client.isClosed(), 'A');
    flag(flags, client.channel() != null && client.channel().isUnix(), 'U');
    flag(flags, client.noEvict, 'e');
    flag(flags, client.noTouch, 'T');
    return flags.isEmpty() ? "N" : flags.toString();
  }

  private static void flag(StringBuilder flags, boolean on, char letter) {
    if (on) {
      flags.append(letter);
    }
  }
}
