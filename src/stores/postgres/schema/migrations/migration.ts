import { createHash } from "node:crypto";

/** One numbered step of the schema. Once released it is never edited: its checksum is recorded in every database. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /**
   * Statements with unqualified names; they run with the store's schema as search path, in one transaction. They touch
   * tables in the order executions, lines, commitments, events, in which the store locks them.
   */
  readonly sql: string;
  /**
   * The oldest schema version (number of the last migration known) whose statements this migration leaves working:
   * it only adds tables, nullable columns, columns with a default and indices that are not unique, and no kind of value
   * that older versions do not know is written to their columns. Undefined where no older version may work on; as a
   * store that runs already does not ask again, its statements must then fail rather than do something else.
   */
  readonly compatibleFrom?: number;
}

/** What the database records of a migration. */
export interface RecordedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  /** Null for migrations that no older version may work on, and those recorded before this was. */
  readonly compatibleFrom: number | null;
}

/** A migration as it is recorded. */
export const recorded = ({ number, name, sql, compatibleFrom }: Migration): RecordedMigration => ({
  number,
  name,
  checksum: createHash("sha256").update(sql).digest("hex"),
  compatibleFrom: compatibleFrom ?? null,
});
