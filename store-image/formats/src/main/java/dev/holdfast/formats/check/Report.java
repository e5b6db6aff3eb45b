package dev.holdfast.formats.check;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The report of a check, as {@code docs/pod.md} defines it.
 *
 * @param id the same for the same damage: see {@link #idOf}
 * @param tool name and version of the program that checked
 * @param verdict what was found, before any repair
 * @param file relative to the data folder
 * @param offset up to which {@code file} is good
 * @param bytesAtStake bytes that a repair would give up; zero padding at the end does not count
 * @param promisedBytes those of them that had been promised, as far as is known: what {@code
 *     maxDataLoss} counts
 * @param commandsAtStake complete commands among them
 * @param keysAtStake different keys that these are about; empty when nobody counted
 * @param message what is wrong, where
 * @param action what a person has to do
 */
public record Report(
    String id,
    Instant time,
    String tool,
    Verdict verdict,
    State state,
    Reason reason,
    Optional<String> file,
    OptionalLong offset,
    long bytesAtStake,
    long promisedBytes,
    long commandsAtStake,
    Optional<KeysAtStake> keysAtStake,
    String message,
    String action,
    Optional<Dropped> dropped,
    List<FileReport> files) {

  public Report {
    files = List.copyOf(files);
  }

  /** The report of a check, with what was decided about it. */
  public static Report of(
      AofCheck check, Instant time, String tool, State state, Reason reason, String action) {
    var files = check.files().stream().map(FileCheck::report).toList();
    return new Report(
        idOf(check, reason),
        time,
        tool,
        check.verdict(),
        state,
        reason,
        check.file(),
        check.offset(),
        check.bytesAtStake(),
        check.promisedBytes(),
        check.commandsAtStake(),
        Optional.empty(),
        check.message(),
        action,
        Optional.empty(),
        files);
  }

  /**
   * The same report under the id that was approved: granting it changes the reason and with it
   * {@link #idOf}.
   */
  public Report withId(String other) {
    return new Report(
        other,
        time,
        tool,
        verdict,
        state,
        reason,
        file,
        offset,
        bytesAtStake,
        promisedBytes,
        commandsAtStake,
        keysAtStake,
        message,
        action,
        dropped,
        files);
  }

  /** The same report with how many keys are at stake. */
  public Report withKeysAtStake(Optional<KeysAtStake> keys) {
    return new Report(
        id,
        time,
        tool,
        verdict,
        state,
        reason,
        file,
        offset,
        bytesAtStake,
        promisedBytes,
        commandsAtStake,
        keys,
        message,
        action,
        dropped,
        files);
  }

  /** The same report with what a repair removed, and what remains to be done. */
  public Report withDropped(Dropped removed, String newAction) {
    return new Report(
        id,
        time,
        tool,
        verdict,
        state,
        reason,
        file,
        offset,
        bytesAtStake,
        promisedBytes,
        commandsAtStake,
        keysAtStake,
        message,
        newAction,
        Optional.of(removed),
        files);
  }

  /** The id that the report of this check gets with this reason. */
  public static String idOf(AofCheck check, Reason reason) {
    var files = check.files().stream().map(FileCheck::report).toList();
    return idOf(check.verdict(), reason, check.file(), check.offset(), files);
  }

  /**
   * 16 hex digits of a SHA-256 over verdict, reason, file, offset and the files' sizes: a grant
   * that names it approves this damage and no other.
   */
  public static String idOf(
      Verdict verdict,
      Reason reason,
      Optional<String> file,
      OptionalLong offset,
      List<FileReport> files) {
    var text = new StringBuilder();
    text.append(verdict.word()).append('\n').append(reason.word()).append('\n');
    text.append(file.orElse("-")).append('\n');
    text.append(offset.isPresent() ? offset.getAsLong() : "-").append('\n');
    for (var each : files) {
      text.append(each.name()).append(' ').append(each.size()).append('\n');
    }
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The object of {@code docs/pod.md}, indented, with a newline at the end. */
  public String toJson() {
    return ReportJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote. Fields that are not known are ignored.
   *
   * @throws IllegalArgumentException naming what is missing or not understood
   */
  public static Report parse(String json) {
    return ReportJson.read(json);
  }
}
