package dev.holdfast.engine.keyspace;

/**
 * Hears of records that a snapshot has not captured yet, before they change or go; and of databases
 * before they are cleared.
 */
public interface ChangeListener {
  /**
   * The record still has the state it had when the epoch began; called at most once for a record
   * and epoch.
   *
   * @param db number that the database had when the epoch began
   */
  void beforeChange(int db, long record);

  /**
   * A database is about to be cleared. Its records are kept until the walk has captured them or the
   * epoch ends.
   */
  default void beforeClear(int db) {}
}
