package dev.holdfast.engine.client;

import dev.holdfast.engine.protocol.ProtocolLimits;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the configuration says about clients. The command thread owns it and may change it any time.
 */
public final class ClientSettings {
  public final ProtocolLimits protocol = new ProtocolLimits();

  /** {@code maxclients}. */
  public int maxClients = 10_000;

  /** {@code timeout}: seconds of silence after which a client is closed; 0 is never. */
  public int idleSeconds;

  /** {@code tcp-keepalive}; 0 is off. */
  public int keepAliveSeconds = 300;

  /** {@code protected-mode}. */
  public boolean protectedMode = true;

  /** Whether user {@code default} has a password, so that a new client has to authenticate. */
  public boolean passwordRequired;

  private final Map<ClientClass, OutputLimit> outputLimits =
      new EnumMap<>(
          Map.of(
              ClientClass.NORMAL, OutputLimit.NONE,
              ClientClass.REPLICA, new OutputLimit(256L << 20, 64L << 20, 60),
              ClientClass.PUBSUB, new OutputLimit(32L << 20, 8L << 20, 60)));

  public OutputLimit outputLimit(ClientClass type) {
    return outputLimits.get(type);
  }

  public void outputLimit(ClientClass type, OutputLimit limit) {
    outputLimits.put(type, limit);
  }
}
