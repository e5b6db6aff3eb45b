package dev.holdfast.engine.persistence;

import dev.holdfast.engine.client.Client;
import dev.holdfast.engine.keyspace.Keyspace;
import dev.holdfast.engine.keyspace.Record;
import dev.holdfast.engine.loop.CommandExecutor;
import dev.holdfast.engine.memory.Memory;
import dev.holdfast.engine.protocol.Args;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Just enough commands to tell a state that was restored rightly from one that was not. {@code
 * APPEND} shows what was applied twice or on the wrong value.
 */
final class MiniCommands implements CommandExecutor {
  private final Keyspace keyspace;
  private final List<List<String>> queued = new ArrayList<>();
  private boolean inTransaction;

  MiniCommands(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  @Override
  public void beginBatch() {}

  @Override
  public void execute(Client client, Args args) {
    var words = new ArrayList<String>();
    for (int i = 0; i < args.count(); i++) {
      words.add(args.string(i));
    }
    if (inTransaction && !words.getFirst().equals("EXEC")) {
      queued.add(words);
      return;
    }
    switch (words.getFirst()) {
      case "MULTI" -> inTransaction = true;
      case "EXEC" -> {
        inTransaction = false;
        for (var command : queued) {
          client.db = apply(client, client.db, command);
        }
        queued.clear();
      }
      default -> client.db = apply(client, client.db, words);
    }
  }

  /** Executes one command; returns the database that is selected afterwards. */
  int apply(Client client, int db, List<String> words) {
    switch (words.getFirst()) {
      case "SELECT" -> {
        return Integer.parseInt(words.get(1));
      }
      case "FLUSHALL" -> {
        for (int i = 0; i < keyspace.databases(); i++) {
          keyspace.database(i).clear();
        }
      }
      case "SWAPDB" ->
          keyspace.swap(Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2)));
      case "SET", "DEL", "APPEND", "PEXPIREAT" -> onKey(db, words);
      default ->
          client
              .reply()
              .error("ERR unknown command '" + words.getFirst() + "', with args beginning with: ");
    }
    return db;
  }

  private void onKey(int db, List<String> words) {
    var database = keyspace.database(db);
    var key = new NativeWords(List.of(words.get(1)));
    long k = key.args().address(0);
    int length = key.args().length(0);
    long hash = keyspace.hash(k, length);
    long record = database.find(k, length, hash);
    switch (words.getFirst()) {
      case "SET" -> {
        try (var value = new NativeWords(List.of(words.get(2)))) {
          database.put(
              k,
              length,
              hash,
              Record.STRING,
              0,
              value.args().address(0),
              value.args().length(0),
              -1);
        }
      }
      case "DEL" -> database.remove(k, length, hash);
      case "APPEND" -> {
        var bytes = words.get(2).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        int before = record == 0 ? 0 : Record.valueLength(record);
        long grown =
            record == 0
                ? database.put(k, length, hash, Record.STRING, 0, 0, bytes.length, -1)
                : database.resize(record, hash, before + bytes.length);
        Memory.copyFrom(bytes, 0, Record.valueAddress(grown) + before, bytes.length);
      }
      case "PEXPIREAT" -> {
        if (record != 0) {
          database.setExpiry(record, hash, Long.parseLong(words.get(2)));
        }
      }
      default -> throw new IllegalArgumentException(words.getFirst());
    }
    key.close();
  }

  /** Every key as {@code db/key} with {@code value@expiry}. */
  Map<String, String> contents() {
    var contents = new TreeMap<String, String>();
    for (int i = 0; i < keyspace.databases(); i++) {
      long cursor = 0;
      do {
        cursor =
            keyspace
                .database(i)
                .scan(
                    cursor,
                    100,
                    (db, record) -> {
                      contents.put(
                          db
                              + "/"
                              + Memory.utf8(Record.keyAddress(record), Record.keyLength(record)),
                          Memory.utf8(Record.valueAddress(record), Record.valueLength(record))
                              + "@"
                              + Record.expireAt(record));
                      return true;
                    });
      } while (cursor != 0);
    }
    return contents;
  }

  @Override
  public int firstKey(Args args) {
    return -1;
  }

  @Override
  public boolean writes(Client client, Args args) {
    return true;
  }
}
