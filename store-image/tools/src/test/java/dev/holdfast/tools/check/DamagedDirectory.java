package dev.holdfast.tools.check;

import java.util.Map;
import java.util.Optional;

/**
 * A folder with something wrong in it.
 *
 * @param files by name, as they lie beside each other
 * @param target the file that a tool is given
 * @param onPurpose why ours and the stock tool do not agree about it; none when they do
 */
record DamagedDirectory(
    String name, Map<String, byte[]> files, String target, Optional<OnPurpose> onPurpose) {

  DamagedDirectory(String name, Map<String, byte[]> files, String target) {
    this(name, files, target, Optional.empty());
  }

  DamagedDirectory but(OnPurpose difference) {
    return new DamagedDirectory(name, files, target, Optional.of(difference));
  }

  @Override
  public String toString() {
    return name;
  }
}
