package dev.holdfast.formats.check;

import dev.holdfast.formats.rdb.RdbVisitor.Checksum;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What the check of an RDB file found.
 *
 * @param version as in the file, 0 when it could not be read
 * @param keys read before the end or the damage
 * @param expires keys with an expiry
 * @param expired keys whose expiry has passed
 * @param functions libraries
 * @param keysByDatabase only databases with keys
 * @param keysByType {@code string}, {@code hash} and so on
 * @param aux auxiliary fields in the order of the file
 * @param checksum empty when the end was not reached
 * @param errorOffset where reading stopped; empty when the file is good
 * @param message what is wrong; empty when nothing is
 */
public record RdbCheck(
    Path path,
    long size,
    int version,
    long keys,
    long expires,
    long expired,
    long functions,
    Map<Long, Long> keysByDatabase,
    Map<String, Long> keysByType,
    Map<String, String> aux,
    Optional<Checksum> checksum,
    OptionalLong errorOffset,
    String message) {

  public RdbCheck {
    keysByDatabase = Collections.unmodifiableMap(new TreeMap<>(keysByDatabase));
    keysByType = Collections.unmodifiableMap(new TreeMap<>(keysByType));
    aux = Collections.unmodifiableMap(new LinkedHashMap<>(aux));
  }

  public boolean isGood() {
    return errorOffset.isEmpty();
  }

  /** The object of {@code docs/tools.md}, indented, with a newline at the end. */
  public String toJson() {
    return RdbCheckJson.write(this);
  }
}
