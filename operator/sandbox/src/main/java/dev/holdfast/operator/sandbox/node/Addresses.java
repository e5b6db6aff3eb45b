package dev.holdfast.operator.sandbox.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The loopback addresses of one sandbox: a block 127.N.0.0/16 that no other sandbox on this machine
 * has. A listening socket on its first address is the claim on the block.
 */
public final class Addresses implements AutoCloseable {
  private static final int FIRST_BLOCK = 16;
  private static final int LAST_BLOCK = 250;

  /** The second is for when some server listens on the first on all addresses. */
  private static final List<Integer> CLAIM_PORTS = List.of(26_380, 26_381);

  private final int block;
  private final ServerSocket claim;
  private final Set<String> taken = new HashSet<>();

  private Addresses(int block, ServerSocket claim) {
    this.block = block;
    this.claim = claim;
  }

  /**
   * Claims a block.
   *
   * @param preferred the block to try first
   * @throws IOException when the system has only 127.0.0.1, or all blocks are taken
   */
  public static Addresses claim(int preferred) throws IOException {
    IOException last = null;
    int blocks = LAST_BLOCK - FIRST_BLOCK + 1;
    for (int port : CLAIM_PORTS) {
      for (int i = 0; i < blocks; i++) {
        int block = FIRST_BLOCK + Math.floorMod(preferred - FIRST_BLOCK + i, blocks);
        var socket = new ServerSocket();
        try {
          InetAddress first = InetAddress.getByName("127." + block + ".0.1");
          socket.bind(new InetSocketAddress(first, port), 1);
          return new Addresses(block, socket);
        } catch (IOException e) {
          socket.close();
          last = e;
        }
      }
    }
    throw new IOException(
        "no free block of loopback addresses 127.N.0.0/16: this system may have only 127.0.0.1",
        last);
  }

  /** Which block it is: N in 127.N.0.0/16. */
  public int block() {
    return block;
  }

  /** The address of the node. */
  public String node() {
    return "127." + block + ".0.1";
  }

  /** A free address for a pod. */
  public String pod() {
    return next(1);
  }

  /** A free address for a service. */
  public String service() {
    return next(96);
  }

  /** Takes an address that an object has already; false when it is not of this block. */
  public synchronized boolean take(String address) {
    return address.startsWith("127." + block + ".") && taken.add(address);
  }

  /** Gives an address back. */
  public synchronized void release(String address) {
    taken.remove(address);
  }

  private synchronized String next(int from) {
    for (int third = from; third < from + 90; third++) {
      for (int fourth = 1; fourth < 255; fourth++) {
        String address = "127." + block + "." + third + "." + fourth;
        if (taken.add(address)) {
          return address;
        }
      }
    }
    throw new IllegalStateException("all addresses of 127." + block + ".0.0/16 are in use");
  }

  @Override
  public void close() throws IOException {
    claim.close();
  }
}
