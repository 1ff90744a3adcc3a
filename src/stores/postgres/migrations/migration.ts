import { createHash } from "node:crypto";

/** One numbered step of the schema. Once released it is never edited: its checksum is recorded in every database. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Statements with unqualified names; they run with the store's schema as search path. */
  readonly sql: string;
}

/** What the database records of a migration. */
export interface RecordedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** A migration as it is recorded. */
export const recorded = ({ number, name, sql }: Migration): RecordedMigration => ({
  number,
  name,
  checksum: createHash("sha256").update(sql).digest("hex"),
});
