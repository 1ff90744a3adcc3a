import type { Difference } from "./difference.js";
import type { MigrationState } from "./migration-states.js";

/** How a schema compares with the schema of this version of the library. */
export interface SchemaReport {
  readonly schema: string;
  /** This version may work on the schema, and nothing is missing or different. Unexpected objects do no harm. */
  readonly sound: boolean;
  /** Every migration that is known or recorded, by number. */
  readonly migrations: readonly MigrationState[];
  readonly differences: readonly SchemaDifference[];
}

/** Rows that stand against a repair. */
export interface RowsAgainst {
  readonly total: number;
  /**
   * The primary keys of the first ten rows, by column. Other columns are left out, because a lineage key gives tokens
   * away.
   */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** One difference, and who can repair it. */
export interface SchemaDifference extends Difference {
  /** `none`: it is left alone. */
  readonly repair: "migrate" | "by hand" | "none";
  /** What to do, in a sentence. */
  readonly advice: string;
  /** The rows that keep `migrate` from the repair, if rows do. */
  readonly against: RowsAgainst | null;
}
