package dev.holdfast.tools.check;

/** The release that the tools belong to. */
public final class Version {

  public static final String TEXT = "1.0";

  private Version() {}
}
