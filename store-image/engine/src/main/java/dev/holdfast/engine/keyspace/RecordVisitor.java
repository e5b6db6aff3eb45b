package dev.holdfast.engine.keyspace;

/** Gets records one after the other. */
@FunctionalInterface
public interface RecordVisitor {
  /**
   * Looks at one record. It may remove this record, or replace it under the same key, and no other
   * one.
   *
   * @param db number of the database
   * @return false to stop (what else is in the same bucket may not be visited any more)
   */
  boolean visit(int db, long record);
}
