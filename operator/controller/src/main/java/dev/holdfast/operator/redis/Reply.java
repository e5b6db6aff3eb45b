package dev.holdfast.operator.redis;

import java.util.List;

/** A reply in RESP2. */
public sealed interface Reply {

  /** A simple or bulk string. */
  record Text(String value) implements Reply {}

  /** An integer. */
  record Number(long value) implements Reply {}

  /** An array. */
  record Items(List<Reply> values) implements Reply {}

  /** A null bulk string or a null array. */
  record Nil() implements Reply {}

  /** An error in the server's words, its code included: {@code ERR unknown command}. */
  record Failure(String words) implements Reply {}
}
