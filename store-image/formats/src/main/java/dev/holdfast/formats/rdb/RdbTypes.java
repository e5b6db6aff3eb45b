package dev.holdfast.formats.rdb;

/** The opcodes and value types of RDB files. */
public final class RdbTypes {
  public static final int STRING = 0;
  static final int LIST = 1;
  static final int SET = 2;
  static final int ZSET = 3;
  static final int HASH = 4;
  static final int ZSET_2 = 5;
  static final int MODULE_2 = 7;
  static final int HASH_ZIPMAP = 9;
  static final int LIST_ZIPLIST = 10;
  static final int SET_INTSET = 11;
  static final int ZSET_ZIPLIST = 12;
  static final int HASH_ZIPLIST = 13;
  static final int LIST_QUICKLIST = 14;
  static final int STREAM_LISTPACKS = 15;
  static final int HASH_LISTPACK = 16;
  static final int ZSET_LISTPACK = 17;
  static final int LIST_QUICKLIST_2 = 18;
  static final int STREAM_LISTPACKS_2 = 19;
  static final int SET_LISTPACK = 20;
  static final int STREAM_LISTPACKS_3 = 21;

  /** Redis: hash with field expiry before its release. Valkey: hash with field expiry. */
  static final int HASH_EXPIRY_22 = 22;

  static final int HASH_LISTPACK_EXPIRY_23 = 23;
  static final int HASH_EXPIRY = 24;
  static final int HASH_LISTPACK_EXPIRY = 25;

  static final int SLOT_INFO = 244;
  static final int FUNCTION = 245;
  static final int FUNCTION_BEFORE_RELEASE = 246;
  static final int MODULE_AUX = 247;
  static final int IDLE = 248;
  static final int FREQUENCY = 249;
  static final int AUX = 250;
  static final int RESIZE_DB = 251;
  static final int EXPIRE_MILLIS = 252;
  static final int EXPIRE_SECONDS = 253;
  static final int SELECT_DB = 254;
  static final int EOF = 255;

  private RdbTypes() {}

  /**
   * What users call the type: {@code string}, {@code list}, {@code set}, {@code zset}, {@code
   * hash}, {@code stream}, {@code module}.
   */
  public static String name(int type) {
    return switch (type) {
      case STRING -> "string";
      case LIST, LIST_ZIPLIST, LIST_QUICKLIST, LIST_QUICKLIST_2 -> "list";
      case SET, SET_INTSET, SET_LISTPACK -> "set";
      case ZSET, ZSET_2, ZSET_ZIPLIST, ZSET_LISTPACK -> "zset";
      case HASH,
          HASH_ZIPMAP,
          HASH_ZIPLIST,
          HASH_LISTPACK,
          HASH_EXPIRY_22,
          HASH_LISTPACK_EXPIRY_23,
          HASH_EXPIRY,
          HASH_LISTPACK_EXPIRY ->
          "hash";
      case STREAM_LISTPACKS, STREAM_LISTPACKS_2, STREAM_LISTPACKS_3 -> "stream";
      case MODULE_2 -> "module";
      default -> "unknown type " + type;
    };
  }
}
