import { createHash } from "node:crypto";

/**
 * One numbered step of the schema. A released step is never edited, because its checksum is recorded in every database.
 */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /**
   * Statements with unqualified names. They run in one transaction, with the store's schema as search path. They touch
   * tables in the order in which the store locks them: executions, lines, commitments, events.
   */
  readonly sql: string;
  /**
   * The oldest schema version (number of its last migration) whose statements still work after this migration. Such a
   * migration only adds tables, nullable columns, columns with a default, indices that are not unique, and unique indices
   * over what only new statements write. It writes no new kind of value to columns that older versions read. Undefined if no older version may work on the schema. A
   * running store does not check again, so its statements must then fail, and must not do something else.
   */
  readonly compatibleFrom?: number;
}

/** The record of a migration in the database. */
export interface RecordedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  /**
   * Null if no older version may work on the schema, and for a migration that was recorded before this column existed.
   */
  readonly compatibleFrom: number | null;
}

/** A migration as it is recorded. */
export const recorded = ({ number, name, sql, compatibleFrom }: Migration): RecordedMigration => ({
  number,
  name,
  checksum: createHash("sha256").update(sql).digest("hex"),
  compatibleFrom: compatibleFrom ?? null,
});
