package dev.holdfast.engine.command;

import java.util.List;

/**
 * Where keys stand in a command.
 *
 * @param first index of the first key; the command's name is index 0
 * @param last index of the last key; negative counts from the end, -1 being the last argument
 * @param step distance between keys
 * @param access how the keys are used, in the words of {@code COMMAND INFO} ({@code RO}, {@code
 *     access}, …)
 */
public record KeyRange(int first, int last, int step, List<String> access) {

  /** The index of the last key in a call of {@code count} arguments. */
  public int lastIn(int count) {
    return last < 0 ? count + last : last;
  }
}
