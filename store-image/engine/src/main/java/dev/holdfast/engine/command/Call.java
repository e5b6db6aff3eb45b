package dev.holdfast.engine.command;

import dev.holdfast.engine.aof.EffectLog;
import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.keyspace.Database;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.memory.NativeHeap;
import dev.holdfast.engine.memory.Numbers;
import dev.holdfast.engine.protocol.Args;
import dev.holdfast.engine.protocol.Reply;
import dev.holdfast.engine.pubsub.KeyEvent;

/**
 * One call of a command, as its {@link Handler} sees it: arguments, the client and its reply,
 * lookups, changes, and what goes to the log. There is one object, filled anew for each call;
 * everything it gives out is valid during the call only.
 *
 * <p>What is logged: nothing when nothing was changed; the effects that the handler built with
 * {@link #effect}; or else the call as it came. Record addresses are valid until the next change of
 * the keyspace.
 */
public final class Call {
  private static final int LARGEST_KEPT_SCRATCH = 1 << 20;

  private final Keys keys;
  private final EffectLog log;
  private final ServerStats stats;
  private final Effect effect = new Effect(this);
  private Args args;
  private Client client;
  private Reply reply;
  private Command command;
  private Database database;
  private long now;
  private long longestString = 512L << 20;
  private int hashedArg = -1;
  private long hash;
  private boolean logsItself;
  private boolean inTransaction;
  private long dirty;
  private long scratch;
  private int scratchSize;

  Call(Keys keys, EffectLog log, ServerStats stats) {
    this.keys = keys;
    this.log = log;
    this.stats = stats;
  }

  void begin(Client client, Command command, Args args, long now, boolean inTransaction) {
    this.client = client;
    this.reply = client.reply();
    this.command = command;
    this.args = args;
    this.now = now;
    this.inTransaction = inTransaction;
    this.database = keys.keyspace().database(client.db);
    this.hashedArg = -1;
    this.logsItself = false;
    this.dirty = 0;
    if (scratchSize > LARGEST_KEPT_SCRATCH) {
      NativeHeap.free(scratch);
      scratch = 0;
      scratchSize = 0;
    }
  }

  /** Number of changes that the call made. */
  long dirty() {
    return dirty;
  }

  /** Whether the handler logged its own effects. */
  boolean logsItself() {
    return logsItself;
  }

  void longestString(long bytes) {
    longestString = bytes;
  }

  public Command command() {
    return command;
  }

  public Client client() {
    return client;
  }

  public Reply reply() {
    return reply;
  }

  /** The arguments; index 0 is the command's name. */
  public Args args() {
    return args;
  }

  /** The database that the client selected. */
  public Database database() {
    return database;
  }

  public Database database(int number) {
    return keys.keyspace().database(number);
  }

  public Keys keys() {
    return keys;
  }

  /** Milliseconds since 1970, the same during a command and during a transaction. */
  public long now() {
    return now;
  }

  /** Whether {@code EXEC} runs the call. */
  public boolean inTransaction() {
    return inTransaction;
  }

  /** Whether the call comes from the log that is being loaded. */
  public boolean isReplay() {
    return keys.isLoading();
  }

  // Arguments

  public int count() {
    return args.count();
  }

  public long address(int arg) {
    return args.address(arg);
  }

  public int length(int arg) {
    return args.length(arg);
  }

  public byte[] bytes(int arg) {
    return args.bytes(arg);
  }

  public String string(int arg) {
    return args.string(arg);
  }

  /** The argument for an error text: one character per byte, up to the first zero. */
  public String quoted(int arg) {
    String text = Memory.ascii(address(arg), length(arg));
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }

  /** Whether the argument is this word, without regard to case. */
  public boolean is(int arg, String upperCaseWord) {
    return args.is(arg, upperCaseWord);
  }

  /**
   * An integer argument.
   *
   * @throws Fault when it is none
   */
  public long integer(int arg) {
    return integer(arg, null);
  }

  /**
   * An integer argument.
   *
   * @param refusal the error reply when it is none; null for the usual words
   */
  public long integer(int arg, String refusal) {
    long value = Numbers.parse(args.address(arg), args.length(arg));
    if (value == Numbers.INVALID && !Numbers.isLong(args.address(arg), args.length(arg))) {
      throw refusal == null ? Fault.notAnInteger() : new Fault(refusal);
    }
    return value;
  }

  /** Whether two arguments hold the same bytes. */
  public boolean sameBytes(int a, int b) {
    return length(a) == length(b) && Memory.equal(address(a), address(b), length(a));
  }

  /** An integer argument within 32 bits. */
  public int smallInteger(int arg, String refusal) {
    long value = integer(arg, refusal);
    if (value != (int) value) {
      throw refusal == null ? Fault.notAnInteger() : new Fault(refusal);
    }
    return (int) value;
  }

  /** The most bytes that a string may have: {@code proto-max-bulk-len}, at most 2 GiB. */
  public long longestString() {
    return Math.min(longestString, Integer.MAX_VALUE - 64);
  }

  /** Native memory for a moment: the next call of this method may give it to somebody else. */
  public long scratch(int bytes) {
    if (bytes > scratchSize) {
      if (scratch != 0) {
        NativeHeap.free(scratch);
      }
      scratchSize = Math.max(256, bytes);
      scratch = NativeHeap.allocate(scratchSize);
    }
    return scratch;
  }

  // Lookups

  /**
   * The record of the key in an argument, or 0; a read that counts as hit or miss and as an access.
   */
  public long read(int arg) {
    long record = find(database, arg);
    if (record == 0) {
      missed(arg);
    } else {
      stats.keyspaceHits++;
      if (!client.noTouch) {
        keys.touch(record, now);
      }
    }
    return record;
  }

  /**
   * As {@link #read}, without an access: for commands that ask about a key and not for its value.
   */
  public long peek(int arg) {
    long record = find(database, arg);
    if (record == 0) {
      missed(arg);
    } else {
      stats.keyspaceHits++;
    }
    return record;
  }

  private void missed(int arg) {
    stats.keyspaceMisses++;
    happened(KeyEvent.KEYMISS, arg);
  }

  /** As {@link #peek}, without the event of a miss: for questions about how a value is kept. */
  public long inspect(int arg) {
    long record = find(database, arg);
    if (record == 0) {
      stats.keyspaceMisses++;
    } else {
      stats.keyspaceHits++;
    }
    return record;
  }

  /** As {@link #read}, also for a client that asked not to touch what it reads. */
  public long touch(int arg) {
    long record = peek(arg);
    if (record != 0) {
      keys.touch(record, now);
    }
    return record;
  }

  /** The record of a key that is about to be changed, or 0. */
  public long write(int arg) {
    long record = find(database, arg);
    if (record != 0 && !client.noTouch) {
      keys.touch(record, now);
    }
    return record;
  }

  /** The record of a key in any database, or 0. */
  public long find(Database db, int arg) {
    long hash = hash(arg);
    client.holdUntil(keys.dependsOn(db, hash));
    return keys.find(db, args.address(arg), args.length(arg), hash, now, command.is(Flag.WRITE));
  }

  /** The reply tells about the key in an argument, without looking it up. */
  public void dependsOn(int arg) {
    client.holdUntil(keys.dependsOn(database, hash(arg)));
  }

  /** The reply tells that a key which the client watches was changed. */
  public void dependsOnWatched() {
    keys.watches()
        .hashes(client, (db, hash) -> client.holdUntil(keys.dependsOn(database(db), hash)));
  }

  /** The reply tells about keys of the whole database. */
  public void dependsOnDatabase(int db) {
    client.holdUntil(keys.dependsOnDatabase(db));
  }

  /**
   * The record itself, when it has the type.
   *
   * @throws Fault WRONGTYPE
   */
  public long ofType(long record, int type) {
    if (record != 0 && Record.type(record) != type) {
      throw Fault.wrongType();
    }
    return record;
  }

  public long hash(int arg) {
    if (args.hashedIndex() == arg) {
      return args.hash();
    }
    if (hashedArg != arg) {
      hash = keys.keyspace().hash(args.address(arg), args.length(arg));
      hashedArg = arg;
    }
    return hash;
  }

  /** Whether a record has expired without having been removed. */
  public boolean isExpired(long record) {
    return keys.isExpired(record, now);
  }

  /** Whether an expiry time means removal at once. While the log is loaded none does. */
  public boolean isPast(long expireAt) {
    return expireAt <= now && !isReplay();
  }

  // Changes; each is to be followed by changed(…)

  /** Stores a whole value under the key in an argument; see {@link Database#put}. */
  public long put(int arg, int type, int encoding, long value, int length, long expireAt) {
    return put(database, arg, type, encoding, value, length, expireAt);
  }

  public long put(
      Database db, int arg, int type, int encoding, long value, int length, long expireAt) {
    boolean told =
        keys.listeners().wants(KeyEvent.NEW) && db.find(address(arg), length(arg), hash(arg)) == 0;
    long record =
        db.put(address(arg), length(arg), hash(arg), type, encoding, value, length, expireAt);
    keys.stored(record, now);
    if (told) {
      happened(KeyEvent.NEW, db, arg);
    }
    return record;
  }

  /** Changes the length of a value and its encoding; see {@link Database#resize}. */
  public long resize(int arg, long record, int length, int encoding) {
    database.touchForWrite(record);
    long resized =
        Record.valueLength(record) == length ? record : database.resize(record, hash(arg), length);
    Record.setEncoding(resized, encoding);
    return resized;
  }

  public void setExpiry(int arg, long record, long expireAt) {
    database.setExpiry(record, hash(arg), expireAt);
  }

  /** Removes the key in an argument, and counts that as a change; false when it was not there. */
  public boolean remove(int arg) {
    return remove(database, arg);
  }

  public boolean remove(Database db, int arg) {
    boolean removed = db.remove(address(arg), length(arg), hash(arg));
    if (removed) {
      changed(db, arg);
    }
    return removed;
  }

  /** The key in an argument was changed: its watchers hear of it, and the call will be logged. */
  public void changed(int arg) {
    changed(database, arg);
  }

  public void changed(Database db, int arg) {
    dirty++;
    keys.changed(db, address(arg), length(arg), hash(arg));
  }

  /** Something happened to the key in an argument, for those who hear of events. */
  public void happened(KeyEvent event, int arg) {
    happened(event, database, arg);
  }

  public void happened(KeyEvent event, Database db, int arg) {
    if (keys.listeners().any()) {
      keys.listeners().happened(event, db.id(), address(arg), length(arg));
    }
  }

  /** Databases were emptied: clients have nothing to rely on of what they have read. */
  public void flushed() {
    if (keys.listeners().any()) {
      keys.listeners().flushed();
    }
  }

  /** A whole database was changed. */
  public void changedDatabase(int db, long changes) {
    dirty += changes;
    keys.changedDatabase(db);
  }

  // Log

  /** Begins an effect that is logged instead of the call. */
  public Effect effect(NativeWord name) {
    return effect.begin(name);
  }

  /** Nothing more is logged for this call. */
  public void logged() {
    logsItself = true;
  }

  void log(Args effect) {
    logsItself = true;
    if (!isReplay()) {
      log.append(database.id(), effect);
    }
  }
}
